using HyperSearch.Api.Http;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

internal static class PlanView
{
    public static PlanResponse Of(StudyPlan plan) => new()
    {
        Trials = plan.Trials,
        Baseline = plan.Baseline,
        Brackets = [.. plan.Brackets.Select(Of)],
        TotalEpochs = plan.TotalEpochs,
        TotalEpochsKind = SnakeCase.Of(plan.TotalEpochsKind),
        MaxTotalEpochs = plan.MaxTotalEpochs,
        TotalEpochsWithoutResume = plan.TotalEpochsWithoutResume,
        ConfirmEpochs = plan.ConfirmEpochs,
        EstimatedDeviceSeconds = plan.EstimatedDeviceSeconds,
        EstimatedSeconds = plan.EstimatedSeconds,
        Warnings = [.. plan.Warnings.Select(w => new WarningResponse { Code = w.Code, Pointer = w.Pointer, Detail = w.Detail })],
    };

    private static PlanBracketResponse Of(PlanBracket bracket) =>
        new() { Rungs = [.. bracket.Rungs.Select(r => new PlanRungResponse { Epochs = r.Epochs, Trials = r.Trials })] };
}
