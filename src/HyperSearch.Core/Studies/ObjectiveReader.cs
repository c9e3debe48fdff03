using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the objective of a request: <c>{metric?, goal?, summary?}</c>.</summary>
internal static class ObjectiveReader
{
    private const string Field = "objective";
    private const string Loss = "val_loss";
    private const string Auroc = "val_auroc";
    private static readonly ImmutableArray<string> OfSynthetic = [Loss, "val_accuracy"];

    /// <summary>The objective with its defaults; what was reported is at its default.</summary>
    /// <param name="study">The request.</param>
    /// <param name="model">The model, or null where it was reported.</param>
    /// <param name="dataset">The dataset, or null.</param>
    public static Objective Read(RequestObject study, StudyModel? model, StudyDataset? dataset)
    {
        if (study.Get(Field) is not { } element
            || RequestObject.Read(element, study.Pointer(Field), study.Findings, ["metric", "goal", "summary"]) is not { } objective)
        {
            return new();
        }

        string metric = objective.OneOf("metric", Objective.Metrics) ?? Loss;
        CheckMetric(objective, metric, model, dataset);
        bool natural = metric != Loss;
        bool maximize = objective.OneOf("goal", ["minimize", "maximize"]) is { } goal ? goal == "maximize" : natural;
        if (maximize != natural)
        {
            string better = natural ? "larger" : "smaller";
            objective.Findings.Warn(WarningCode.GoalOpposesMetric, objective.Pointer("goal"),
                $"The study will {(maximize ? "maximize" : "minimize")} {metric}, of which {better} values are better.");
        }

        return new() { Metric = metric, Maximize = maximize, BestEpoch = objective.OneOf("summary", ["best", "last"]) is not "last" };
    }

    // A metric that no report carries would leave every trial without a value.
    private static void CheckMetric(RequestObject objective, string metric, StudyModel? model, StudyDataset? dataset)
    {
        if (model is { Family.NeedsDataset: false } && !OfSynthetic.Contains(metric))
        {
            objective.Findings.Error(objective.Pointer("metric"), ErrorCode.NotAccepted, $"The synthetic family reports only {string.Join(" and ", OfSynthetic)}.");
        }
        else if (metric == Auroc && dataset is { Classes: { } classes and not 2 })
        {
            objective.Findings.Error(objective.Pointer("metric"), ErrorCode.NotAccepted, $"{Auroc} needs two classes; the dataset has {classes}.");
        }
    }
}
