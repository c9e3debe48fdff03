namespace HyperSearch.Standalone.Demo;

/// <summary>One plain line whenever something has changed that a reader of a log wants to know.</summary>
internal sealed class LineView(TextWriter output) : IProgressView
{
    public async Task ShowAsync(IAsyncEnumerable<(DemoSnapshot Look, TimeSpan Elapsed, TimeSpan? Left)> looks)
    {
        string? last = null;
        await foreach ((DemoSnapshot look, TimeSpan elapsed, TimeSpan? left) in looks)
        {
            string rungs = string.Join(", ", look.Rungs().Select(r => $"{r.Reached}/{r.Planned} at {r.Epochs}"));
            string line = $"{look.Study.State}: {rungs}; best {Words.Value(look.Best?.Value)}, baseline {Words.Value(look.Baseline?.Value)}, {look.Running.Count()} running";
            if (line != last)
            {
                await output.WriteLineAsync($"[{Words.Time(elapsed)}] {line}{(left is { } l ? $", {Words.Time(l)} left" : "")}");
                last = line;
            }
        }
    }
}
