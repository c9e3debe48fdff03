using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>What a study counts of one trial.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="InFlight">Epochs that its assignment has yet to run.</param>
/// <param name="Bracket">Its ladder, or null.</param>
/// <param name="Rung">Its level, or null.</param>
internal readonly record struct TrialStanding(TrialState State, int InFlight, int? Bracket, int? Rung)
{
    /// <summary>What a sampler knows of the trial: that its result is open, that it has one, or that there will be none.</summary>
    public int Knowledge => State switch
    {
        TrialState.Waiting or TrialState.Dispatched or TrialState.Running => 0,
        TrialState.Paused or TrialState.Completed or TrialState.Pruned => 1,
        TrialState.Failed or TrialState.Cancelled => 2,
        _ => throw new InvalidOperationException($"Unknown state {State}."),
    };

    public static TrialStanding Of(Trial trial) => new(trial.State, trial.InFlight, trial.Bracket, trial.Rung);
}
