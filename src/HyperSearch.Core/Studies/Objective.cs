using System.Collections.Immutable;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>What a study improves: a metric of the reports, the direction, and which epoch counts.</summary>
public sealed record Objective
{
    /// <summary>The metrics that can be an objective.</summary>
    public static ImmutableArray<string> Metrics { get; } = ["val_loss", "val_accuracy", "val_balanced_accuracy", "val_macro_f1", "val_auroc"];

    /// <summary>One of <see cref="Metrics"/>; default <c>val_loss</c>.</summary>
    public string Metric { get; init; } = "val_loss";

    /// <summary>Whether larger is better; by default for every metric but <c>val_loss</c>.</summary>
    public bool Maximize { get; init; }

    /// <summary>Whether a trial's value is its best epoch's (the default) or its last epoch's.</summary>
    public bool BestEpoch { get; init; } = true;

    /// <summary>The objective's metric in a report; null when it is missing or not finite.</summary>
    /// <param name="report">The report of one epoch.</param>
    public double? Of(EpochReport report)
    {
        double? value = Metric switch
        {
            "val_loss" => report.ValLoss,
            "val_accuracy" => report.ValAccuracy,
            "val_balanced_accuracy" => report.ValBalancedAccuracy,
            "val_macro_f1" => report.ValMacroF1,
            "val_auroc" => report.ValAuroc,
            _ => throw new InvalidOperationException($"Unknown metric {Metric}."),
        };
        return value is { } v && double.IsFinite(v) ? v : null;
    }

    /// <summary>The value with its sign turned so that smaller is better; what rungs and rankings store.</summary>
    /// <param name="value">A value of the metric.</param>
    public double Loss(double value) => Maximize ? -value : value;

    /// <summary>Whether the first value is strictly better than the second.</summary>
    /// <param name="value">A finite value.</param>
    /// <param name="other">A finite value.</param>
    public bool IsBetter(double value, double other) => Loss(value) < Loss(other);
}
