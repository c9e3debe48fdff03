using Xunit.Sdk;
using Xunit.v3;

// Tests here start processes and stop shared servers.
[assembly: Parallelization(Mode = ParallelMode.None)]
