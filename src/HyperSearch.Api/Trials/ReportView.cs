using HyperSearch.Contracts;

namespace HyperSearch.Api.Trials;

internal static class ReportView
{
    public static ReportResponse Of(Report report) => new()
    {
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
}
