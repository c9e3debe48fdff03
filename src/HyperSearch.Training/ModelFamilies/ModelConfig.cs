using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>
/// What <c>config.json</c> and the files beside it say of a model, with the names that Hugging Face uses: the labels
/// here, sizes in each family's own type. Fields that are not used are kept and written again.
/// </summary>
internal abstract record ModelConfig
{
    public const string FileName = "config.json";

    /// <summary>How the files are written.</summary>
    protected static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The label map: <c>id2label</c> in the order of the ids.</summary>
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>What an image must be; null for text.</summary>
    public ImageInput? Images { get; init; }

    /// <summary>What a text must be; null for images.</summary>
    public TextInput? Text { get; init; }

    /// <summary>The <c>config.json</c> that was read; empty from scratch. It is never changed.</summary>
    public JsonObject Source { get; init; } = [];

    /// <summary>Files that go with the model as they are, such as <c>vocab.txt</c>, by name.</summary>
    public ImmutableSortedDictionary<string, byte[]> Companions { get; init; } = ImmutableSortedDictionary<string, byte[]>.Empty;

    /// <summary>Number of blocks without the head.</summary>
    public abstract int Blocks { get; }

    /// <summary>The text of <c>config.json</c>.</summary>
    public string ToJson()
    {
        JsonObject json = (JsonObject)Source.DeepClone();
        Write(json);
        Images?.Write(json);
        LabelMap.Write(json, Labels);
        return json.ToJsonString(Indented) + "\n";
    }

    /// <summary>The files of an exported model beside its weights, by name.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Files()
    {
        yield return new(FileName, Encoding.UTF8.GetBytes(ToJson()));
        if (Images?.Preprocessor() is { } preprocessor)
        {
            yield return new(ImageInput.PreprocessorFile, Encoding.UTF8.GetBytes(preprocessor.ToJsonString(Indented) + "\n"));
        }

        foreach (KeyValuePair<string, byte[]> companion in Companions)
        {
            yield return companion;
        }
    }

    /// <summary>Writes the family's fields.</summary>
    /// <param name="json">A copy of <see cref="Source"/>.</param>
    protected abstract void Write(JsonObject json);

    /// <summary>A list of numbers as JSON.</summary>
    protected static JsonArray List(IEnumerable<int> numbers) => [.. numbers.Select(n => JsonValue.Create(n))];
}
