using System.Text.Json;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>Records of a file with one JSON object in each line; empty lines are left out.</summary>
internal sealed class JsonRecords(DataFile file) : RecordFile(file)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly StreamReader _lines = Text(file);
    private readonly Dictionary<string, string?> _fields = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Names => _fields.Keys;

    /// <inheritdoc/>
    public override string? Field(string name) => _fields.GetValueOrDefault(name);

    /// <inheritdoc/>
    protected override bool Next()
    {
        while (_lines.ReadLine() is { } line)
        {
            Line++;
            if (line.AsSpan().Trim().Length > 0)
            {
                Take(line);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();

    private void Take(string line)
    {
        _fields.Clear();
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Wrong("this is no JSON object");
            }

            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                _fields.Add(member.Name, AsText(member.Value));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a text with half a surrogate pair.
            throw Wrong($"this is not valid JSON: {exception.Message.TrimEnd('.')}");
        }
    }

    private static string? AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
