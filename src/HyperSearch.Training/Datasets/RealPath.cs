namespace HyperSearch.Training.Datasets;

/// <summary>Paths as the system opens them: every link on the way followed.</summary>
public static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The path without links. What does not exist stays as it is written.</summary>
    /// <param name="path">A path, absolute or relative to the working directory.</param>
    /// <exception cref="IOException">More than 40 links, such as one to itself.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path), real = Path.GetPathRoot(full)!;
        Stack<string> rest = new(Parts(full[real.Length..]));
        int links = 0;
        while (rest.TryPop(out string? part))
        {
            string next = Path.Combine(real, part);
            if (part is "." or "..")
            {
                real = part == "." ? real : Path.GetDirectoryName(real) ?? real;
            }
            else if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
            }
            else if (++links > MostLinks)
            {
                throw new IOException($"{path} has too many links");
            }
            else
            {
                string root = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : "";
                real = root.Length > 0 ? root : real;
                foreach (string step in Parts(target[root.Length..]))
                {
                    rest.Push(step);
                }
            }
        }

        return real;
    }

    /// <summary>Whether a real path is a folder or lies below it.</summary>
    /// <param name="path">What <see cref="Of"/> gave.</param>
    /// <param name="folder">A folder, also without links.</param>
    public static bool IsUnder(string path, string folder)
    {
        string relative = Path.GetRelativePath(folder, path);
        return !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    // The last part first, as a stack takes them.
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
}
