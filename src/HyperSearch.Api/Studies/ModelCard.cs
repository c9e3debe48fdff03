using System.Globalization;
using System.Text;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Api.Studies;

/// <summary>The README of an exported model: what it is, how it was found, and how good it is.</summary>
internal static class ModelCard
{
    public const string FileName = "README.md";

    public static string Write(Study study, StudySpec spec, Trial trial)
    {
        StringBuilder card = new();
        card.Append(CultureInfo.InvariantCulture, $"""
            ---
            library_name: hypersearch
            tags: [{spec.Model.Family.Name}]
            ---
            # {study.Name}

            The `{spec.Model.Family.Name}` model of trial {trial.Number} of study `{study.Name}` ({study.Id}), fine-tuned on `{spec.Dataset?.Name ?? spec.Dataset?.Location}` for {trial.Epochs} epochs.
            It was chosen among {study.Trials} trials of `{spec.Algorithm.Name}` by `{spec.Objective.Metric}`.

            | metric | split | value |
            |---|---|---|
            | {spec.Objective.Metric} (epoch {trial.BestEpoch}) | validation | {Show(trial.Value)} |

            """);
        if (study.TestValue is { } test)
        {
            card.Append(CultureInfo.InvariantCulture, $"| {spec.Objective.Metric} | test, {study.TestExamples} examples | {Show(test)} |\n");
            card.Append(CultureInfo.InvariantCulture, $"| {spec.Objective.Metric}, the model's defaults | test | {Show(study.TestBaselineValue)} |\n");
        }

        card.Append("\n## Hyperparameters\n```json\n").Append(trial.Parameters.ToJson().ToJsonString()).Append("\n```\n");
        card.Append(CultureInfo.InvariantCulture, $"\nSeed {trial.Seed}. The weights are in `model.safetensors`, the architecture in `config.json`.\n");
        return card.ToString();
    }

    private static string Show(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "not measured";
}
