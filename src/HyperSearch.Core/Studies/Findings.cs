using System.Collections.Immutable;
using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>Collects the errors and warnings of one validation.</summary>
internal sealed class Findings
{
    // A megabyte of wrong values must not become a hundred megabytes of answers.
    private const int MostErrors = 1_000;
    private const int LongestQuote = 64;

    private readonly List<ValidationError> _errors = [];
    private readonly List<ValidationWarning> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    public ImmutableArray<ValidationError> Errors => [.. _errors];

    public ImmutableArray<ValidationWarning> Warnings => [.. _warnings];

    /// <summary>Whether further errors are no longer listed.</summary>
    public bool Full => _errors.Count > MostErrors;

    public void Error(string pointer, string code, string detail)
    {
        if (_errors.Count < MostErrors)
        {
            _errors.Add(new(pointer, code, detail));
        }
        else if (!Full)
        {
            _errors.Add(new("", ErrorCode.Validation, $"There are more than {MostErrors} errors; the rest is not listed."));
        }
    }

    public void Warn(string code, string pointer, string detail) => _warnings.Add(new(code, pointer, detail));

    public void WrongType(string pointer, string expected, JsonElement actual) =>
        Error(pointer, ErrorCode.WrongType, $"Must be {expected}, not {Describe(actual)}.");

    public void Missing(string pointer, string detail) => Error(pointer, ErrorCode.Validation, detail);

    public void NotYet(string pointer, string what) =>
        Error(pointer, ErrorCode.NotAccepted, $"This version does not have {what} yet.");

    /// <summary>A text of the request between quotation marks, shortened.</summary>
    public static string Quote(string text) => text.Length <= LongestQuote ? $"\"{text}\"" : $"\"{text[..LongestQuote]}...\"";

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the text {Quote(element.GetString()!)}",
        JsonValueKind.Number => $"the number {Short(element.GetRawText())}",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null or JsonValueKind.Undefined => "null",
        _ => throw new InvalidOperationException($"Unknown kind {element.ValueKind}."),
    };

    private static string Short(string text) => text.Length <= LongestQuote ? text : text[..LongestQuote] + "...";
}
