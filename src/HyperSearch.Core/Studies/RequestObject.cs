using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>One object of a request, read field by field; every reader reports what is wrong and gives null. A JSON null is an absent field.</summary>
internal sealed class RequestObject
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nulls = new(StringComparer.Ordinal);
    private readonly Findings _findings;
    private readonly string _pointer;

    private RequestObject(string pointer, Findings findings)
    {
        _pointer = pointer;
        _findings = findings;
    }

    public Findings Findings => _findings;

    /// <summary>The object with its known fields; others are reported. Null and reported when it is no object.</summary>
    public static RequestObject? Read(JsonElement element, string pointer, Findings findings, ImmutableArray<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            findings.WrongType(pointer, "an object", element);
            return null;
        }

        RequestObject result = new(pointer, findings);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                ReportUnknown(member.Name, pointer, findings, known);
            }
            else if (member.Value.ValueKind == JsonValueKind.Null)
            {
                result._nulls.Add(member.Name);
            }
            else
            {
                // A repeated member is reported by the document check.
                result._members.TryAdd(member.Name, member.Value);
            }
        }

        return result;
    }

    public static void ReportUnknown(string name, string pointer, Findings findings, IEnumerable<string> known)
    {
        if (!findings.Full)
        {
            string detail = $"There is no field {Findings.Quote(name)} here.{Suggestion.Sentence(name, known)}";
            findings.Error(JsonPointer.Member(pointer, name), ErrorCode.UnknownField, detail);
        }
    }

    public string Pointer(string name) => JsonPointer.Member(_pointer, name);

    /// <summary>Whether a field is there, valid or not.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>Whether a field is there as null: in a patch it is to be taken away.</summary>
    public bool IsNull(string name) => _nulls.Contains(name);

    public JsonElement? Get(string name) => _members.TryGetValue(name, out JsonElement value) ? value : null;

    /// <summary>A text of at most so many UTF-16 units.</summary>
    public string? Text(string name, int longest)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            _findings.WrongType(Pointer(name), "a text", value);
            return null;
        }

        string text = value.GetString()!;
        if (text.Length <= longest)
        {
            return text;
        }

        _findings.Error(Pointer(name), ErrorCode.OutOfRange, string.Create(CultureInfo.InvariantCulture, $"At most {longest} characters, not {text.Length}."));
        return null;
    }

    /// <summary>One text of a closed list.</summary>
    public string? OneOf(string name, params ImmutableArray<string> choices) => Text(name, int.MaxValue) is { } text ? OneOf(text, Pointer(name), choices) : null;

    /// <summary>The text if it is in a closed list; else reported.</summary>
    public string? OneOf(string text, string pointer, ImmutableArray<string> choices)
    {
        if (choices.Contains(text))
        {
            return text;
        }

        _findings.Error(pointer, ErrorCode.NotAccepted,
            $"{Findings.Quote(text)} is not accepted; one of {string.Join(", ", choices)}.{Suggestion.Sentence(text, choices)}");
        return null;
    }

    public bool? Flag(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        _findings.WrongType(Pointer(name), "true or false", value);
        return null;
    }

    /// <summary>A finite number in a range, both ends included.</summary>
    public double? Number(string name, double min = double.MinValue, double max = double.MaxValue) =>
        Get(name) is { } value && RequestNumber.Read(value, Pointer(name), _findings) is { } number && InRange(name, number, min, max) ? number : null;

    /// <summary>A whole number in a range, both ends included; 16.0 is one.</summary>
    public long? Whole(string name, long min, long max) =>
        Get(name) is { } value && RequestNumber.ReadWhole(value, Pointer(name), _findings) is { } number && InRange(name, number, min, max) ? (long)number : null;

    /// <summary>As <see cref="Whole"/> for 32 bits.</summary>
    public int? Int(string name, int min, int max) => (int?)Whole(name, min, max);

    private bool InRange(string name, double number, double min, double max)
    {
        if (number >= min && number <= max)
        {
            return true;
        }

        string range = max >= double.MaxValue ? $"at least {RequestNumber.Show(min)}" : $"{RequestNumber.Show(min)} to {RequestNumber.Show(max)}";
        _findings.Error(Pointer(name), ErrorCode.OutOfRange, $"Must be {range}, not {RequestNumber.Show(number)}.");
        return false;
    }
}
