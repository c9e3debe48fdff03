using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>The <c>config.json</c> beside the weights, with the names that Hugging Face uses.</summary>
internal sealed record ModelConfig
{
    public const string FileName = "config.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The family: <c>model_type</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Channels of an image: <c>num_channels</c>.</summary>
    public required int Channels { get; init; }

    /// <summary>Height and width of an image in pixels: <c>image_size</c>.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Output channels of each block: <c>hidden_sizes</c>.</summary>
    public required ImmutableArray<int> HiddenSizes { get; init; }

    /// <summary>The label map: <c>id2label</c> in the order of the ids.</summary>
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>Mean of each channel, pixels from 0 to 1: <c>image_mean</c>.</summary>
    public required ImmutableArray<double> Mean { get; init; }

    /// <summary>Standard deviation of each channel, pixels from 0 to 1: <c>image_std</c>.</summary>
    public required ImmutableArray<double> Std { get; init; }

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="TrainingException">Missing or damaged; names the file and the field.</exception>
    public static ModelConfig Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(path, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path}: not a model configuration: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        JsonObject names = [], numbers = [];
        for (int i = 0; i < Labels.Length; i++)
        {
            names[i.ToString(CultureInfo.InvariantCulture)] = Labels[i];
            numbers[Labels[i]] = i;
        }

        JsonObject json = new()
        {
            ["model_type"] = ModelType,
            ["num_channels"] = Channels,
            ["image_size"] = ImageSize,
            ["hidden_sizes"] = new JsonArray([.. HiddenSizes.Select(h => JsonValue.Create(h))]),
            ["image_mean"] = new JsonArray([.. Mean.Select(m => JsonValue.Create(m))]),
            ["image_std"] = new JsonArray([.. Std.Select(s => JsonValue.Create(s))]),
            ["num_labels"] = Labels.Length,
            ["id2label"] = names,
            ["label2id"] = numbers,
        };
        return json.ToJsonString(Indented) + "\n";
    }

    private static ModelConfig Read(string path, JsonElement json)
    {
        ImmutableArray<string> labels = ReadLabels(path, json.GetProperty("id2label"));
        ModelConfig config = new()
        {
            ModelType = json.GetProperty("model_type").GetString() ?? "",
            Channels = json.GetProperty("num_channels").GetInt32(),
            ImageSize = json.GetProperty("image_size").GetInt32(),
            HiddenSizes = [.. json.GetProperty("hidden_sizes").EnumerateArray().Select(h => h.GetInt32())],
            Labels = labels,
            Mean = [.. json.GetProperty("image_mean").EnumerateArray().Select(m => m.GetDouble())],
            Std = [.. json.GetProperty("image_std").EnumerateArray().Select(s => s.GetDouble())],
        };
        bool valid = config.Channels is >= 1 and <= 16 && config.ImageSize is >= 8 and <= 4096
            && config.HiddenSizes.Length > 0 && config.HiddenSizes.All(h => h is >= 1 and <= 4096)
            && config.Mean.Length == config.Channels && config.Std.Length == config.Channels && config.Std.All(s => s > 0);
        return valid ? config : throw new TrainingException(FailureKind.DatasetError,
            $"{path}: num_channels, image_size, hidden_sizes, image_mean or image_std is out of its range.");
    }

    private static ImmutableArray<string> ReadLabels(string path, JsonElement map)
    {
        Dictionary<int, string> byId = map.EnumerateObject().ToDictionary(p => int.Parse(p.Name, CultureInfo.InvariantCulture), p => p.Value.GetString() ?? "");
        if (byId.Count == 0 || Enumerable.Range(0, byId.Count).Any(id => !byId.ContainsKey(id)))
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path}: id2label does not name the classes 0, 1, 2, ...");
        }

        return [.. Enumerable.Range(0, byId.Count).Select(id => byId[id])];
    }
}
