using System.CommandLine;
using System.CommandLine.Parsing;

namespace HyperSearch.Standalone;

/// <summary>The options of the executable.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Addresses to serve on.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of database, artifacts and caches.",
        DefaultValueFactory = _ => Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hypersearch"),
    };

    private static readonly Option<int> Slots = new("--slots")
    {
        Description = "Trials at the same time; by default the number of cores, at most 4.",
        DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, 4),
    };

    private static readonly Option<bool> Demo = new("--demo") { Description = "Submit the sample study, show its progress and its leaderboard." };

    private static readonly Option<string?> Study = new("--study") { Description = "File with the study to submit instead of the sample." };

    private static readonly Option<bool> Fresh = new("--fresh") { Description = "Delete a finished study of the same name first." };

    private static readonly Option<bool> Exit = new("--exit") { Description = "End after the study: with 0 if it completed, else with 1." };

    /// <summary>Parses the arguments and runs.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="run">Runs with valid settings and returns the exit code.</param>
    public static Task<int> InvokeAsync(string[] args, Func<StandaloneSettings, CancellationToken, Task<int>> run)
    {
        Slots.Validators.Add(result => Check(result, result.GetValueOrDefault<int>() is >= 1 and <= 256, "--slots is 1 to 256."));
        Study.Validators.Add(result => Check(result, result.GetValueOrDefault<string?>() is not { } file || File.Exists(file), "--study names a file that does not exist."));
        Urls.Validators.Add(result => Check(
            result,
            (result.GetValueOrDefault<string>() ?? "").Split(';').All(u => Uri.TryCreate(u, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"),
            "--urls is an address such as http://127.0.0.1:5080, or several with ; between them."));
        RootCommand command = new("HyperSearch in one process: API and worker, SQLite, in-memory bus, CPU.") { Demo, Study, Urls, Data, Slots, Fresh, Exit };
        command.SetAction((result, cancellationToken) => run(
            new StandaloneSettings
            {
                Urls = result.GetValue(Urls)!,
                Data = Path.GetFullPath(result.GetValue(Data)!),
                Slots = result.GetValue(Slots),
                Demo = result.GetValue(Demo) || result.GetValue(Study) is not null,
                Study = result.GetValue(Study),
                Fresh = result.GetValue(Fresh),
                Exit = result.GetValue(Exit),
            },
            cancellationToken));
        return command.Parse(args).InvokeAsync();
    }

    private static void Check(OptionResult result, bool valid, string message)
    {
        if (!valid)
        {
            result.AddError(message);
        }
    }
}
