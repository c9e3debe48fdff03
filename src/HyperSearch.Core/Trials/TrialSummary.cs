using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Trials;

/// <summary>A trial's epochs so far, folded into the numbers that rankings and rungs use.</summary>
public readonly record struct TrialSummary
{
    /// <summary>Nothing reported yet.</summary>
    public static TrialSummary Empty => default;

    /// <summary>Finished epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>The objective's summary over the epochs so far; null without a finite value.</summary>
    public double? Value { get; init; }

    /// <summary>The epoch with the best metric, from 1; null without a finite value.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The metric at the best epoch.</summary>
    public double? BestValue { get; init; }

    /// <summary>The metric at the last epoch.</summary>
    public double? LastValue { get; init; }

    /// <summary>The metric on training examples at the epoch that <see cref="Value"/> comes from.</summary>
    public double? TrainValue { get; init; }

    /// <summary>Epochs from 1 on, without a gap and each with a metric, that <see cref="Sum"/> is of.</summary>
    public int Averaged { get; init; }

    /// <summary>Sum of the metric over these epochs, added in their order so that it comes out the same bit for bit.</summary>
    public double Sum { get; init; }

    /// <summary>Mean of the metric over epochs 1 to <see cref="Averaged"/>; null before the first.</summary>
    public double? RunningAverage => Averaged == 0 ? null : Sum / Averaged;

    /// <summary>Folds in one epoch. The order of the epochs does not matter, and one that is already in changes nothing.</summary>
    /// <param name="report">The report of one epoch.</param>
    /// <param name="objective">Metric, direction and summary.</param>
    public TrialSummary Add(EpochReport report, Objective objective)
    {
        double? value = objective.Of(report);
        bool last = report.Epoch > Epochs;
        bool best = value is { } v && (BestValue is not { } old || objective.IsBetter(v, old) || (v == old && report.Epoch < BestEpoch));
        TrialSummary next = last ? this with { Epochs = report.Epoch, LastValue = value } : this;
        if (best)
        {
            next = next with { BestEpoch = report.Epoch, BestValue = value };
        }

        if (value is { } metric && report.Epoch == Averaged + 1)
        {
            next = next with { Averaged = report.Epoch, Sum = Sum + metric };
        }

        return (objective.BestEpoch ? best : last) ? next with { Value = value, TrainValue = report.TrainValue } : next;
    }

    /// <summary>The summary of a sequence of reports in order of their epochs.</summary>
    /// <param name="reports">Reports of one trial.</param>
    /// <param name="objective">Metric, direction and summary.</param>
    public static TrialSummary Of(IEnumerable<EpochReport> reports, Objective objective) =>
        reports.Aggregate(Empty, (summary, report) => summary.Add(report, objective));
}
