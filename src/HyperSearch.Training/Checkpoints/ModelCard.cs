using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Checkpoints;

/// <summary>The README.md of an exported model. It has no times in it: the same trial writes the same card.</summary>
internal static class ModelCard
{
    /// <summary>The card's text.</summary>
    /// <param name="request">How it was trained.</param>
    /// <param name="facts">Examples, threads, versions.</param>
    /// <param name="report">Metrics of the exported epoch.</param>
    /// <param name="labels">The label map.</param>
    /// <param name="baseWeights">sha256 of the weights it started from; null from scratch.</param>
    /// <param name="dataset">Content hash of the dataset.</param>
    public static string Write(
        TrainingRequest request, TrainingFacts facts, EpochReport report, IReadOnlyList<string> labels, string? baseWeights, string dataset)
    {
        StringBuilder card = new();
        Line(card, $"---\nlibrary_name: hypersearch\npipeline_tag: {(request.Family.TakesTexts ? "text" : "image")}-classification\ntags: [{request.Family.Name}]\n---");
        Line(card, $"# {request.Family.Name}, {labels.Count} classes\n");
        string summary = request.Objective.BestEpoch ? "the best" : "the last";
        Line(card, $"Fine-tuned by HyperSearch. Exported is epoch {report.Epoch} of {request.Parameters.Epochs}, {summary} by `{request.Objective.Metric}`.\n");
        Line(card, $"## Metrics on {facts.ValidationExamples} validation examples\n\n| metric | value |\n|---|---|");
        foreach ((string name, double? value) in Metrics(report).Where(m => m.Value is not null))
        {
            Line(card, $"| {name} | {value:0.######} |");
        }

        Line(card, $"\n`train_value` is `{request.Objective.Metric}` on a fixed sample of training examples.\n");
        Line(card, $"## Hyperparameters\n\n| name | value |\n|---|---|");
        foreach (Hyperparameter hyperparameter in HyperparameterCatalog.All)
        {
            JsonNode? value = ParameterSet.Render(hyperparameter, request.Parameters[hyperparameter]);
            Line(card, $"| {hyperparameter.Name} | {value?.ToString() ?? "-"} |");
        }

        Line(card, $"""

            Augmentation {request.Augmentation}, class weights {request.ClassWeights}, largest gradient norm {request.MaxGradNorm},
            training seed {request.Seed}, micro-batch {facts.MicroBatch}, {request.Precision}.

            ## Origin

            - {facts.TrainExamples} training examples; dataset sha256 `{dataset}`
            - base weights: {(baseWeights is null ? "none, from scratch" : $"sha256 `{baseWeights}`, head {(facts.HeadKept ? "kept" : "made anew")}")}
            - classes: {string.Join(", ", labels)}

            ## Use

            `config.json` and `model.safetensors` are read by HyperSearch as the weights of another study, and in Python by
            `safetensors.torch.load_file("model.safetensors")`.
            """);
        return card.ToString();
    }

    private static IEnumerable<(string Name, double? Value)> Metrics(EpochReport report) =>
    [
        ("val_loss", report.ValLoss), ("val_accuracy", report.ValAccuracy), ("val_balanced_accuracy", report.ValBalancedAccuracy),
        ("val_macro_f1", report.ValMacroF1), ("val_auroc", report.ValAuroc), ("train_value", report.TrainValue), ("fit_loss", report.FitLoss),
    ];

    private static void Line(StringBuilder card, FormattableString text) => card.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
