using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HyperSearch.Training.Metrics;

/// <summary>How often each class was taken for which, on the validation split; <c>confusion_matrix.json</c> of an exported model.</summary>
/// <param name="Epoch">The epoch of the model, from 1.</param>
/// <param name="Examples">Validation examples.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Matrix">A row for each actual class with a count for each predicted one.</param>
internal sealed record ConfusionMatrix(int Epoch, int Examples, ImmutableArray<string> Labels, ImmutableArray<ImmutableArray<long>> Matrix)
{
    public const string FileName = "confusion_matrix.json";

    /// <summary>With more classes none is made: it has as many numbers as classes squared, and nobody reads it.</summary>
    public const int MostClasses = 1000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote; null where there is no file.</summary>
    /// <param name="folder">Folder of the exported model.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static ConfusionMatrix? Read(string folder) =>
        Path.Combine(folder, FileName) is var path && File.Exists(path) ? JsonSerializer.Deserialize<ConfusionMatrix>(File.ReadAllBytes(path), Json) : null;

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";
}
