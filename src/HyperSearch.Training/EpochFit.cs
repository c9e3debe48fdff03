namespace HyperSearch.Training;

/// <summary>What one pass over the training split gave.</summary>
/// <param name="Loss">Mean training loss over the examples.</param>
/// <param name="Rate">Rate of the head at the last step.</param>
/// <param name="Diverged">Whether a batch's loss was not finite; the pass ended there.</param>
/// <param name="Waited">How long the model waited for batches.</param>
internal readonly record struct EpochFit(double Loss, double Rate, bool Diverged, TimeSpan Waited);
