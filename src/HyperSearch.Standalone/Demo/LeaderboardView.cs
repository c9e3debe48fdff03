using HyperSearch.Contracts;
using Spectre.Console;

namespace HyperSearch.Standalone.Demo;

/// <summary>The ranked end of a study, and in words what was won over the defaults.</summary>
internal static class LeaderboardView
{
    private const int Shown = 10;

    public static void Write(IAnsiConsole console, DemoSnapshot end, string url)
    {
        console.Write(Table(end));
        foreach (string sentence in Sentences(end))
        {
            console.WriteLine(sentence);
        }

        console.WriteLine($"Leaderboard: {url}/v1/studies/{end.Study.Name}/leaderboard");
        console.WriteLine($"Best model:  {url}/v1/studies/{end.Study.Name}/best/model");
    }

    private static Table Table(DemoSnapshot end)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title($"Leaderboard of {Markup.Escape(end.Study.Name)} ({end.Study.State}, {end.Study.StopReason})");
        table.AddColumns("", "trial", "state", Markup.Escape(end.MetricWords), "than the defaults", "epochs", "parameters");
        foreach (LeaderboardEntry row in end.Rows.Take(Shown).Concat(end.Rows.Skip(Shown).Where(r => r.Baseline)))
        {
            string[] cells =
            [
                $"{row.Rank}",
                row.Baseline ? "baseline" : $"{row.Number}",
                row.State,
                Words.Value(row.Value),
                row.Baseline ? "defaults" : Words.Difference(row, end.Maximizes) ?? "-",
                $"{row.Epochs}",
                Words.Parameters(row),
            ];
            table.AddRow([.. cells.Select(c => new Markup(Markup.Escape(c), row.Baseline ? new Style(decoration: Decoration.Bold) : Style.Plain))]);
        }

        return table;
    }

    private static IEnumerable<string> Sentences(DemoSnapshot end)
    {
        if (end.Best is { } best)
        {
            yield return $"Trial {best.Number} reaches a {end.MetricWords} of {Words.Value(best.Value)}, "
                + (Words.Difference(best, end.Maximizes) is { } difference ? $"{difference} than the defaults ({Words.Value(end.Baseline?.Value)})." : "without a baseline to compare it to.");
        }

        if (end.Study.Test is { } test)
        {
            string verdict = end.Study.BeatsBaseline switch { true => "it beats the defaults", false => "it does not beat the defaults", null => "the defaults were not scored" };
            yield return $"On {test.Examples} test examples, seen by no trial: {Words.Value(test.Value)}, the defaults {Words.Value(test.BaselineValue)}: {verdict}.";
        }
        else if (end.Study.TestNote is { } note)
        {
            yield return $"No test score: {note}";
        }
    }
}
