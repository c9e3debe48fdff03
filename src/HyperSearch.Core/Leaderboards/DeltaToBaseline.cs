using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Leaderboards;

/// <summary>The difference of every trial to the baseline, over the same number of epochs.</summary>
/// <param name="baseline">The baseline's reports, in order of their epochs.</param>
/// <param name="objective">Metric, direction and summary.</param>
public sealed class DeltaToBaseline(IEnumerable<EpochReport> baseline, Objective objective)
{
    private readonly Dictionary<int, double?> _values = Values(baseline, objective);

    /// <summary>Positive when the value is better than the baseline's summary over as many epochs; null until the baseline got there.</summary>
    /// <param name="value">A trial's value.</param>
    /// <param name="epochs">Its epochs.</param>
    public double? Of(double? value, int epochs) => value is { } v && _values.GetValueOrDefault(epochs) is { } b
        ? objective.Loss(b) - objective.Loss(v)
        : null;

    private static Dictionary<int, double?> Values(IEnumerable<EpochReport> reports, Objective objective)
    {
        Dictionary<int, double?> values = [];
        TrialSummary summary = TrialSummary.Empty;
        foreach (EpochReport report in reports)
        {
            summary = summary.Add(report, objective);
            values[report.Epoch] = summary.Value;
        }

        return values;
    }
}
