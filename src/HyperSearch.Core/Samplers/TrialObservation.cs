using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Samplers;

/// <summary>What a sampler can learn from one trial.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Parameters">Its normalised parameters.</param>
/// <param name="Sequence">Place in the order of arrival.</param>
/// <param name="Kind">How much it says.</param>
/// <param name="Epochs">Epochs behind the loss; 0 for a completed one, because those all rank alike.</param>
/// <param name="Loss">Smaller is better; 0 where there is none.</param>
internal sealed record TrialObservation(int Number, ParameterSet Parameters, long Sequence, ObservationKind Kind, int Epochs, double Loss)
{
    /// <summary>Best first: completed by loss; then paused and pruned by epochs, most first, then loss; then lower number.</summary>
    public static IComparer<TrialObservation> ByRank { get; } = Comparer<TrialObservation>.Create((a, b) =>
        a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind)
        : a.Epochs != b.Epochs ? b.Epochs.CompareTo(a.Epochs)
        : a.Loss != b.Loss ? a.Loss.CompareTo(b.Loss)
        : a.Number.CompareTo(b.Number));

    /// <summary>Oldest first.</summary>
    public static IComparer<TrialObservation> ByArrival { get; } = Comparer<TrialObservation>.Create((a, b) =>
        a.Sequence != b.Sequence ? a.Sequence.CompareTo(b.Sequence) : a.Number.CompareTo(b.Number));

    /// <summary>Whether the trial came to an end or to a rung.</summary>
    public bool IsFinished => Kind != ObservationKind.Running;

    /// <summary>Whether it has a finite value.</summary>
    public bool HasValue => Kind is ObservationKind.Completed or ObservationKind.Stopped;

    /// <summary>The parameters as a point of the unit cube, once a sampler has placed them there.</summary>
    public double[]? Point { get; set; }

    /// <summary>The observation of a trial; null for one that says nothing.</summary>
    public static TrialObservation? Of(Trial trial) => (trial.State, trial.Loss) switch
    {
        (TrialState.Failed or TrialState.Cancelled, _) => null,
        (TrialState.Waiting or TrialState.Dispatched or TrialState.Running, _) => Of(trial, ObservationKind.Running),
        (_, null) => Of(trial, ObservationKind.Missing),
        (TrialState.Completed, { } loss) => Of(trial, ObservationKind.Completed, loss: loss),
        (TrialState.Paused or TrialState.Pruned, { } loss) => Of(trial, ObservationKind.Stopped, trial.Epochs, loss),
        _ => throw new InvalidOperationException($"Unknown state {trial.State}."),
    };

    /// <summary>Whether both say the same; the parameters of a number never change.</summary>
    public bool Equals(TrialObservation? other) => other is not null
        && (Number, Sequence, Kind, Epochs, Loss) == (other.Number, other.Sequence, other.Kind, other.Epochs, other.Loss);

    /// <inheritdoc/>
    public override int GetHashCode() => Number;

    private static TrialObservation Of(Trial trial, ObservationKind kind, int epochs = 0, double loss = 0) =>
        new(trial.Number, trial.Parameters, trial.HistorySequence, kind, epochs, loss);
}
