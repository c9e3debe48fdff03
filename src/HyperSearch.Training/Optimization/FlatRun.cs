namespace HyperSearch.Training.Optimization;

/// <summary>Neighbouring blocks that are updated in the same way.</summary>
/// <param name="First">First block.</param>
/// <param name="Last">Last block; the head is the block after the model's last.</param>
/// <param name="Step">Number of this step for them, from 1.</param>
/// <param name="Rate">Their rate.</param>
internal readonly record struct FlatRun(int First, int Last, long Step, double Rate);
