using HyperSearch.Core.Trials;

namespace HyperSearch.Api.Trials;

/// <summary>The stored metrics of one epoch of one trial.</summary>
internal sealed class Report
{
    public required string StudyId { get; init; }

    public required int Number { get; init; }

    public required int Epoch { get; init; }

    public double? ValLoss { get; init; }

    public double? ValAccuracy { get; init; }

    public double? ValBalancedAccuracy { get; init; }

    public double? ValMacroF1 { get; init; }

    public double? ValAuroc { get; init; }

    public double? TrainValue { get; init; }

    public double? FitLoss { get; init; }

    public double? LearningRate { get; init; }

    public double Seconds { get; init; }

    public double? ExamplesPerSecond { get; init; }

    public long? PeakDeviceBytes { get; init; }

    /// <summary>The property that holds an objective's metric.</summary>
    public static string PropertyOf(string metric) => metric switch
    {
        "val_loss" => nameof(ValLoss),
        "val_accuracy" => nameof(ValAccuracy),
        "val_balanced_accuracy" => nameof(ValBalancedAccuracy),
        "val_macro_f1" => nameof(ValMacroF1),
        "val_auroc" => nameof(ValAuroc),
        _ => throw new InvalidOperationException($"Unknown metric {metric}."),
    };

    public static Report From(string studyId, int number, EpochReport report) => new()
    {
        StudyId = studyId,
        Number = number,
        Epoch = report.Epoch,
        ValLoss = report.ValLoss,
        ValAccuracy = report.ValAccuracy,
        ValBalancedAccuracy = report.ValBalancedAccuracy,
        ValMacroF1 = report.ValMacroF1,
        ValAuroc = report.ValAuroc,
        TrainValue = report.TrainValue,
        FitLoss = report.FitLoss,
        LearningRate = report.LearningRate,
        Seconds = report.Seconds,
        ExamplesPerSecond = report.ExamplesPerSecond,
        PeakDeviceBytes = report.PeakDeviceBytes,
    };

    public EpochReport ToEpochReport() => new()
    {
        Epoch = Epoch,
        ValLoss = ValLoss,
        ValAccuracy = ValAccuracy,
        ValBalancedAccuracy = ValBalancedAccuracy,
        ValMacroF1 = ValMacroF1,
        ValAuroc = ValAuroc,
        TrainValue = TrainValue,
        FitLoss = FitLoss,
        LearningRate = LearningRate,
        Seconds = Seconds,
        ExamplesPerSecond = ExamplesPerSecond,
        PeakDeviceBytes = PeakDeviceBytes,
    };
}
