using Xunit.Sdk;
using Xunit.v3;

// Tests here start processes that use every core.
[assembly: Parallelization(Mode = ParallelMode.None)]
