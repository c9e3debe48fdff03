using HyperSearch.Core.Trials;

namespace HyperSearch.Api.Leaderboards;

/// <summary>A place in a leaderboard, by the keys of its order, and the rank that was given last.</summary>
internal sealed record LeaderboardPosition(bool Missing, bool Completed, int Level, double Loss, int Number, int Rank)
{
    public static LeaderboardPosition Of(Trial trial, int rank) =>
        new(trial.Loss is null, trial.State == TrialState.Completed, trial.Bracket + trial.Rung ?? -1, trial.Loss ?? 0, trial.Number, rank);

    /// <summary>The rows behind this place in the order of <see cref="Core.Leaderboards.LeaderboardOrder"/>.</summary>
    public IQueryable<Trial> After(IQueryable<Trial> trials)
    {
        (bool missing, bool completed, int level, double loss, int number, _) = this;
        return (missing, completed) switch
        {
            (false, true) => trials.Where(t => t.Loss == null || t.State != TrialState.Completed
                || t.Loss > loss || (t.Loss == loss && t.Number > number)),
            (false, false) => trials.Where(t => t.Loss == null || (t.State != TrialState.Completed
                && ((t.Bracket + t.Rung ?? -1) < level || ((t.Bracket + t.Rung ?? -1) == level && (t.Loss > loss || (t.Loss == loss && t.Number > number)))))),
            (true, true) => trials.Where(t => t.Loss == null && (t.State != TrialState.Completed || t.Number > number)),
            (true, false) => trials.Where(t => t.Loss == null && t.State != TrialState.Completed
                && ((t.Bracket + t.Rung ?? -1) < level || ((t.Bracket + t.Rung ?? -1) == level && t.Number > number))),
        };
    }
}
