using System.Text;

namespace HyperSearch.Artifacts;

/// <summary>Which keys and file names a store takes: relative, <c>/</c>-separated, and unable to lead out of it.</summary>
public static class ArtifactKey
{
    public const int MaxLength = 900;
    private const int MaxPartBytes = 200;

    /// <summary>The folder at the root of a store that is not a key.</summary>
    internal const string Temporary = ".temporary";

    public static bool IsValid(string? key) =>
        key is { Length: > 0 and <= MaxLength }
        && Array.TrueForAll(key.Split('/'), IsPlainPart)
        && key != Temporary
        && !key.StartsWith(Temporary + "/", StringComparison.Ordinal);

    internal static void ThrowIfInvalid(string key, string parameter)
    {
        ArgumentNullException.ThrowIfNull(key, parameter);
        if (!IsValid(key))
        {
            throw new ArgumentException($"'{Printable(key)}' is not a relative name of plain parts separated by '/'.", parameter);
        }
    }

    // A trailing dot or space would be dropped by Windows, a colon would name a drive or a stream there.
    private static bool IsPlainPart(string part) =>
        part.Length > 0
        && part[^1] is not ('.' or ' ')
        && !part.AsSpan().ContainsAny('\\', ':')
        && !part.Any(char.IsControl)
        && Encoding.UTF8.GetByteCount(part) <= MaxPartBytes;

    private static string Printable(string key) =>
        new([.. key.Take(100).Select(c => char.IsControl(c) ? '?' : c)]);
}
