using System.Globalization;

namespace HyperSearch.Core.Studies;

/// <summary>JSON pointers as of RFC 6901.</summary>
internal static class JsonPointer
{
    /// <summary>The pointer of a member; <c>~</c> and <c>/</c> in its name are escaped.</summary>
    public static string Member(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The pointer of an element of an array.</summary>
    public static string Element(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");
}
