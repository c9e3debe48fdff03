namespace HyperSearch.Core.Studies;

/// <summary>Paths of the machines that open data, which need not be this one: compared as text, never looked up.</summary>
public static class AbsolutePath
{
    /// <summary>
    /// The path without <c>.</c>, <c>..</c>, repeated and trailing separators, with forward slashes; null when it is not absolute.
    /// Absolute are <c>/...</c> and <c>X:/...</c>; a backslash separates only in the latter and is refused in the former.
    /// </summary>
    /// <param name="path">A path as it is written.</param>
    public static string? Normalize(string path)
    {
        bool drive = path.Length >= 3 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] is '/' or '\\';
        string slashed = drive ? path.Replace('\\', '/') : path;
        if ((!drive && !slashed.StartsWith('/')) || slashed.Contains('\\'))
        {
            return null;
        }

        List<string> parts = [];
        foreach (string part in slashed[(drive ? 3 : 1)..].Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }

        return (drive ? path[..2] : "") + "/" + string.Join('/', parts);
    }

    /// <summary>Whether a normalised path is a folder or lies under it; letters are compared exactly.</summary>
    /// <param name="path">A normalised path.</param>
    /// <param name="folder">A normalised folder.</param>
    public static bool IsUnder(string path, string folder) =>
        path == folder || path.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);
}
