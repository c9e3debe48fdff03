using System.Text.RegularExpressions;

namespace HyperSearch.EndToEnd.Tests.Deploy;

/// <summary>The settings that the code reads: a section per options class, as its SectionName says, and its properties.</summary>
internal static partial class Settings
{
    // Read by the framework and by the container runtime.
    private static readonly string[] others = ["ASPNETCORE_URLS", "NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES"];

    private static readonly Lazy<HashSet<string>> names = new(() => [.. Read()]);

    public static IReadOnlySet<string> Names => names.Value;

    /// <summary>Whether an environment variable, <c>Section__Property</c> or <c>Section__Property__0</c>, reaches an option.</summary>
    public static bool AreRead(string variable)
    {
        string[] parts = variable.Split("__");
        return others.Contains(variable) || (parts.Length >= 2 && Names.Contains($"{parts[0]}__{parts[1]}"));
    }

    private static IEnumerable<string> Read() =>
        from file in Checkout.Files()
        where file.Name.EndsWith("Options.cs", StringComparison.Ordinal) && Checkout.Relative(file.FullName).StartsWith("src/", StringComparison.Ordinal)
        let text = File.ReadAllText(file.FullName)
        let section = Section().Match(text)
        where section.Success
        from Match property in Property().Matches(text)
        select $"{section.Groups[1].Value}__{property.Groups[1].Value}";

    [GeneratedRegex(@"const string SectionName = ""(\w+)""")]
    private static partial Regex Section();

    [GeneratedRegex(@"public (?:required )?[\w<>\[\]?,. ]+ (\w+) \{ get;")]
    private static partial Regex Property();
}
