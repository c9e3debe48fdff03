using System.Collections.Concurrent;
using System.Text.Json;
using HyperSearch.Messaging;

namespace HyperSearch.Worker.Segments;

/// <summary>
/// The micro-batches that turned out to fit on this worker's device, by what decides how much memory a trial takes, so
/// that the next trial of that kind does not have to run out of memory first.
/// </summary>
internal sealed class FittingMicroBatches
{
    private static readonly string[] OfStudy = ["model", "dataset", "precision"];
    private static readonly string[] OfTrial = ["frozen_blocks", "unfreeze_every", "batch_size"];

    private readonly ConcurrentDictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>The order with the micro-batch to begin with. One that goes on keeps its own.</summary>
    public RunTrial Apply(RunTrial trial) =>
        trial is { MicroBatch: null, FromEpoch: 0 } && !_known.IsEmpty && _known.TryGetValue(KindOf(trial), out int fits) ? trial with { MicroBatch = fits } : trial;

    /// <summary>Keeps what is tried after another did not fit.</summary>
    public void Learn(RunTrial trial, int microBatch) => _known[KindOf(trial)] = microBatch;

    private static string KindOf(RunTrial trial)
    {
        using JsonDocument study = JsonDocument.Parse(trial.Spec), parameters = JsonDocument.Parse(trial.Parameters);
        return string.Join('\n', [$"{trial.Attempt.Kind}", .. OfStudy.Select(n => Text(study, n)), .. OfTrial.Select(n => Text(parameters, n))]);
    }

    private static string Text(JsonDocument document, string name) => document.RootElement.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : "";
}
