using HyperSearch.Contracts;

namespace HyperSearch.Standalone.Demo;

/// <summary>One look at a study: the answer and its leaderboard, best first.</summary>
internal sealed record DemoSnapshot(StudyResponse Study, IReadOnlyList<LeaderboardEntry> Rows)
{
    public bool IsFinal => Study.State is "completed" or "stopped" or "cancelled" or "failed";

    public LeaderboardEntry? Best => Study.Best;

    public LeaderboardEntry? Baseline => Rows.FirstOrDefault(r => r.Baseline);

    public IEnumerable<LeaderboardEntry> Running => Rows.Where(r => r.State is "running" or "dispatched").OrderBy(r => r.Number);

    /// <summary>Epochs of the plan, the baseline's included where there is one.</summary>
    public long TotalEpochs => Study.Plan.TotalEpochs + (Study.Plan.Baseline ? FullEpochs : 0);

    public string Metric => Study.Resolved.GetProperty("objective").GetProperty("metric").GetString() ?? "value";

    public bool Maximizes => Study.Resolved.GetProperty("objective").GetProperty("goal").GetString() == "maximize";

    public string MetricWords => Metric.Replace('_', ' ').Replace("val ", "validation ");

    private int FullEpochs => Study.Plan.Brackets is [{ Rungs: [.., var top] }, ..] ? top.Epochs : 0;

    /// <summary>The rungs of the plan with the trials that have got there.</summary>
    public IEnumerable<(int Epochs, int Planned, int Reached, double? Best)> Rungs() =>
        from bracket in Study.Plan.Brackets
        from rung in bracket.Rungs
        let reached = Rows.Where(r => !r.Baseline && r.Epochs >= rung.Epochs).ToList()
        select (rung.Epochs, rung.Trials, reached.Count, reached.FirstOrDefault(r => r.Value is not null)?.Value);
}
