using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HyperSearch.EndToEnd.Tests.Deploy;

/// <summary>A Dockerfile as its instructions in order: keyword and the rest, continued lines joined, comments gone.</summary>
internal sealed partial record Dockerfile(IReadOnlyList<(string Keyword, string Text)> Instructions)
{
    public static Dockerfile Read(string name)
    {
        IEnumerable<string> lines = File.ReadLines(Path.Combine(Checkout.Root, name)).Where(line => !line.TrimStart().StartsWith('#'));
        string text = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        return new Dockerfile([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries))
            .Select(parts => (parts[0].ToUpperInvariant(), parts.Length > 1 ? parts[1] : ""))]);
    }

    public IEnumerable<string> Values(string keyword) => Instructions.Where(i => i.Keyword == keyword).Select(i => i.Text);

    /// <summary>What comes from the repository, up to an instruction that holds a text.</summary>
    public IReadOnlyList<string> CopiedBefore(string text) =>
        [.. Instructions.TakeWhile(i => !(i.Keyword == "RUN" && i.Text.Contains(text, StringComparison.Ordinal)))
            .Where(i => i.Keyword == "COPY" && !i.Text.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(i => Words(i.Text)[..^1])];

    /// <summary>The project that a dotnet command is given.</summary>
    public string ProjectOf(string command) =>
        Values("RUN").Select(run => Regex.Match(run, $@"dotnet {command} (\S+\.csproj)")).First(match => match.Success).Groups[1].Value;

    /// <summary>The variables that ENV sets.</summary>
    public IEnumerable<string> EnvironmentNames() =>
        Values("ENV").SelectMany(rest => Assignment().Matches(rest)).Select(match => match.Groups[1].Value);

    /// <summary>A project and all that it references, as paths from the root.</summary>
    public static IReadOnlyList<string> Closure(string project)
    {
        string path = Path.Combine(Checkout.Root, project);
        IEnumerable<string> references = XDocument.Load(path).Descendants("ProjectReference")
            .Select(item => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, item.Attribute("Include")!.Value.Replace('\\', '/'))))
            .SelectMany(reference => Closure(Checkout.Relative(reference)));
        return [.. references.Append(project).Distinct()];
    }

    private static string[] Words(string rest) => rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"(?:^|\s)(\w+)=")]
    private static partial Regex Assignment();
}
