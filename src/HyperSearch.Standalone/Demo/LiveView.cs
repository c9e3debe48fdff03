using HyperSearch.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HyperSearch.Standalone.Demo;

/// <summary>A picture that is drawn anew in place: rungs, best so far, baseline, running trials, time left.</summary>
internal sealed class LiveView(IAnsiConsole console) : IProgressView
{
    public Task ShowAsync(IAsyncEnumerable<(DemoSnapshot Look, TimeSpan Elapsed, TimeSpan? Left)> looks) =>
        console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            await foreach ((DemoSnapshot look, TimeSpan elapsed, TimeSpan? left) in looks)
            {
                live.UpdateTarget(Draw(look, elapsed, left));
            }
        });

    internal static Rows Draw(DemoSnapshot look, TimeSpan elapsed, TimeSpan? left)
    {
        Table rungs = new Table().Border(TableBorder.Rounded).Title($"Study {Markup.Escape(look.Study.Name)}: {look.Study.State}");
        rungs.AddColumns("rung at epoch", "trials planned", "got there", $"best {Markup.Escape(look.MetricWords)}");
        foreach ((int epochs, int planned, int reached, double? best) in look.Rungs())
        {
            rungs.AddRow($"{epochs}", $"{planned}", $"{reached}", Words.Value(best));
        }

        List<IRenderable> rows =
        [
            rungs,
            new Markup($"[grey]best so far[/]  {Line(look.Best)}"),
            new Markup($"[grey]baseline   [/]  {Line(look.Baseline)}"),
            .. look.Running.Select(r => new Markup($"[grey]running    [/]  {Line(r)}")),
            new Markup($"[grey]epochs     [/]  {look.Study.EpochsExecuted} of {look.TotalEpochs}   [grey]elapsed[/] {Words.Time(elapsed)}   [grey]left[/] {(left is { } l ? Words.Time(l) : "-")}"),
        ];
        return new Rows(rows);
    }

    private static string Line(LeaderboardEntry? row) => row is null ? "-"
        : Markup.Escape($"{(row.Baseline ? "defaults" : $"trial {row.Number}"),-9} {Words.Value(row.Value)} after {row.Epochs} epochs   {Words.Parameters(row)}");
}
