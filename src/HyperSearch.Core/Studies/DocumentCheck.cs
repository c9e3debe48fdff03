using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>
/// What must hold in a whole document whatever its fields mean: no repeated member, no U+0000 (PostgreSQL stores it in
/// neither text nor jsonb), no number beyond a double, no lone surrogate, no deep nesting.
/// </summary>
internal sealed class DocumentCheck(Findings findings)
{
    private const int Deepest = 64;
    private bool _readable = true;

    /// <summary>Reports what is wrong; false when the texts of the document cannot even be read.</summary>
    public static bool Run(JsonElement root, Findings findings)
    {
        DocumentCheck check = new(findings);
        check.Walk(root, "", 0);
        return check._readable;
    }

    private void Walk(JsonElement element, string pointer, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth >= Deepest:
                Unreadable(pointer, $"Nested deeper than {Deepest} levels.");
                break;
            case JsonValueKind.Object:
                Members(element, pointer, depth);
                break;
            case JsonValueKind.Array:
                Elements(element, pointer, depth);
                break;
            case JsonValueKind.String:
                CheckText(Read(element.GetString, pointer), pointer);
                break;
            case JsonValueKind.Number when !double.IsFinite(element.GetDouble()):
                findings.Error(pointer, ErrorCode.NotFinite, "The number is not finite as a 64-bit float.");
                break;
        }
    }

    private void Members(JsonElement element, string pointer, int depth)
    {
        HashSet<string> names = [];
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (Read(() => member.Name, pointer) is not { } name)
            {
                continue;
            }

            string at = JsonPointer.Member(pointer, name);
            CheckText(name, at);
            if (!names.Add(name))
            {
                findings.Error(at, ErrorCode.NotAccepted, "The field is given more than once.");
            }

            Walk(member.Value, at, depth + 1);
        }
    }

    private void Elements(JsonElement element, string pointer, int depth)
    {
        int index = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            // Numbers that are fine need no pointer: arrays may be long.
            if (item.ValueKind != JsonValueKind.Number || !double.IsFinite(item.GetDouble()))
            {
                Walk(item, JsonPointer.Element(pointer, index), depth + 1);
            }

            index++;
        }
    }

    private void CheckText(string? text, string pointer)
    {
        if (text?.Contains('\0') == true)
        {
            findings.Error(pointer, ErrorCode.NotAccepted, "U+0000 cannot be stored.");
        }
    }

    private string? Read(Func<string?> text, string pointer)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            Unreadable(pointer, "The text is not valid Unicode.");
            return null;
        }
    }

    private void Unreadable(string pointer, string detail)
    {
        _readable = false;
        findings.Error(pointer, ErrorCode.Validation, detail);
    }
}
