using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>Reads where weights or data lie: a location of the catalogue, or a path under one of its roots.</summary>
internal static class RequestLocation
{
    private const int LongestPath = 4_096;

    /// <summary>The location, normalised; null when the field is absent or was reported.</summary>
    public static string? Read(RequestObject owner, string field, Catalog catalog, ImmutableArray<string?> known)
    {
        if (owner.Text(field, LongestPath) is not { } text)
        {
            return null;
        }

        if (known.Contains(text))
        {
            return text;
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            owner.Findings.NotYet(owner.Pointer(field), "locations by URI; give a path");
            return null;
        }

        string? path = AbsolutePath.Normalize(text);
        if (path is not null && catalog.IsUnderRoot(path))
        {
            return path;
        }

        string why = path is null ? "is not an absolute path" : "lies under none of the configured roots";
        owner.Findings.Error(owner.Pointer(field), ErrorCode.NotAccepted, $"{Findings.Quote(text)} {why}.");
        return null;
    }
}
