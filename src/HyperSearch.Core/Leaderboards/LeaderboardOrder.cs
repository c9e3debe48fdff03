using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Leaderboards;

/// <summary>
/// The order of a leaderboard: finite before missing; completed before others; among others the higher rung first; then
/// value; then number. Hyperband's bracket b starts on rung b of the ladder, so that bracket + rung is the level of the epochs
/// in every algorithm. One definition for rows in memory and in the database.
/// </summary>
public static class LeaderboardOrder
{
    /// <summary>Orders trials, best first.</summary>
    /// <param name="trials">Trials of one study.</param>
    public static IOrderedQueryable<Trial> Ranked(this IQueryable<Trial> trials) => trials
        .OrderBy(t => t.Loss == null)
        .ThenBy(t => t.State != TrialState.Completed)
        .ThenByDescending(t => t.State == TrialState.Completed ? -1 : t.Bracket + t.Rung ?? -1)
        .ThenBy(t => t.Loss)
        .ThenBy(t => t.Number);
}
