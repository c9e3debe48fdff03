using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>A JSON file of a weights folder with checked access to its fields: errors name the file and the field.</summary>
/// <param name="path">The file.</param>
/// <param name="json">Its content, or an object in it.</param>
internal sealed class ConfigFile(string path, JsonObject json)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Its content.</summary>
    public JsonObject Json { get; } = json;

    /// <summary>The folder that it lies in.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TrainingException">Missing, or no JSON object.</exception>
    public static ConfigFile Read(string path)
    {
        try
        {
            JsonDocumentOptions options = new() { AllowDuplicateProperties = false };
            return JsonNode.Parse(File.ReadAllBytes(path), null, options) is JsonObject json
                ? new(path, json)
                : throw new TrainingException(FailureKind.DatasetError, $"{path} is not a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Another JSON file of the folder; null if it is not there.</summary>
    public ConfigFile? Beside(string name) =>
        System.IO.Path.Combine(Folder, name) is var other && File.Exists(other) ? Read(other) : null;

    /// <summary>An object inside; null if it is not there.</summary>
    public ConfigFile? Object(string name) => Json[name] switch
    {
        null => null,
        JsonObject inner => new(Path, inner),
        _ => throw Wrong(name, "an object"),
    };

    /// <summary>A whole number in a range.</summary>
    /// <param name="name">The field.</param>
    /// <param name="least">Smallest valid value.</param>
    /// <param name="most">Largest valid value.</param>
    /// <param name="otherwise">Where the field is missing; null makes it required.</param>
    public int Int(string name, int least, int most, int? otherwise = null) => Json[name] switch
    {
        null when otherwise is { } value => value,
        JsonValue value when value.TryGetValue(out int number) && number >= least && number <= most => number,
        _ => throw Wrong(name, $"a whole number from {least} to {most}"),
    };

    /// <summary>A number in a range.</summary>
    /// <inheritdoc cref="Int"/>
    public double Number(string name, double least, double most, double? otherwise = null) => Json[name] switch
    {
        null when otherwise is { } value => value,
        JsonValue value when value.TryGetValue(out double number) && number >= least && number <= most => number,
        _ => throw Wrong(name, FormattableString.Invariant($"a number from {least} to {most}")),
    };

    /// <summary>A truth value.</summary>
    public bool Flag(string name, bool otherwise) => Json[name] switch
    {
        null => otherwise,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>A text; null where the field is missing.</summary>
    public string? Text(string name) => Json[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw Wrong(name, "a text"),
    };

    /// <summary>A list of whole numbers in a range.</summary>
    /// <inheritdoc cref="Int"/>
    public ImmutableArray<int> Ints(string name, int least, int most, ImmutableArray<int>? otherwise = null) => Json[name] switch
    {
        null when otherwise is { } value => value,
        JsonArray list when list.All(i => i is JsonValue v && v.TryGetValue(out int n) && n >= least && n <= most) => [.. list.Select(i => i!.GetValue<int>())],
        _ => throw Wrong(name, $"a list of whole numbers from {least} to {most}"),
    };

    /// <summary>A list of numbers; null where the field is missing.</summary>
    public ImmutableArray<double>? Numbers(string name) => Json[name] switch
    {
        null => null,
        JsonArray list when list.All(i => i is JsonValue v && v.TryGetValue(out double _)) => [.. list.Select(i => i!.GetValue<double>())],
        _ => throw Wrong(name, "a list of numbers"),
    };

    /// <summary>Refuses values that the family does not compute with; a missing field passes.</summary>
    /// <param name="name">The field.</param>
    /// <param name="supported">The values that pass, the default first.</param>
    public string OneOf(string name, params ReadOnlySpan<string> supported)
    {
        string value = Text(name) ?? supported[0];
        return supported.Contains(value) ? value : throw Wrong(name, $"one of {string.Join(", ", supported)}; '{value}' is not computed by this version");
    }

    /// <summary>Refuses the configuration of another architecture.</summary>
    /// <param name="family">What the study asks for.</param>
    /// <param name="matches">Whether this is one.</param>
    public void Describes(string family, bool matches)
    {
        if (!matches)
        {
            throw Fail($"this is a '{Text("model_type") ?? Text("architecture")}', the study asks for a {family}");
        }
    }

    /// <summary>The error for a wrong field.</summary>
    public TrainingException Wrong(string name, string expected) => Fail($"{name} must be {expected}");

    /// <summary>An error that names the file.</summary>
    public TrainingException Fail(string what) => new(FailureKind.DatasetError, $"{Path}: {what}.");
}
