namespace HyperSearch.Core.Schedulers;

/// <summary>Every trial runs to its full epochs; nothing is compared on the way.</summary>
public sealed class RunToCompletionScheduler : IScheduler
{
    /// <inheritdoc/>
    public IReadOnlyList<Rung> Rungs(string studyId) => [];

    /// <inheritdoc/>
    public Placement Place(int number, int fullEpochs) => new(null, null, fullEpochs);

    /// <inheritdoc/>
    public bool Compares(int? bracket, int? rung) => false;
}
