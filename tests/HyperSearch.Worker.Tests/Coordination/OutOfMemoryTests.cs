using HyperSearch.Messaging;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>Children that say that a batch did not fit, played by a shell script that speaks the protocol.</summary>
public sealed class OutOfMemoryTests : IDisposable
{
    // $2 is the descriptor of events; what is tried next depends on the micro-batch of the order.
    private const string Script = """
        while len=$(head -c 4 | od -An -tu4 | tr -d ' ') && [ -n "$len" ]; do
            order=$(head -c "$len")
            job=$(grep -o '"Job":[0-9]*' <<<"$order" | head -1)
            grep -o '"MicroBatch":[0-9]*' <<<"$order" >>"LOG" || echo none >>"LOG"
            case "$order" in
                *'"MicroBatch":FITS,'*) end='{"Kind":"Completed"}' ;;
                *'"MicroBatch":16,'*) end='{"Kind":"OutOfMemory","NextMicroBatch":8}' ;;
                *'"MicroBatch":8,'*) end='{"Kind":"OutOfMemory","Message":"nothing fits"}' ;;
                *) end='{"Kind":"OutOfMemory","NextMicroBatch":16}' ;;
            esac
            json="{$job,\"Ended\":$end}"
            printf "\\x$(printf %02x ${#json})\\0\\0\\0%s" "$json" >&"$2"
        done
        """;

    private readonly TemporaryFolder _folder = new();

    private string Log => Path.Combine(_folder.Path, "log");

    [Fact]
    public async Task OutOfMemory_UntilItFits_StaysWithinTheAttempt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        await using RunningWorker worker = await StartAsync(fits: "8");
        RunTrial order = Studies.Order(Studies.Synthetic(), 0);

        await worker.SendAsync(order);

        (await worker.Coordinator.EndOfAsync(order.Attempt)).Completed.ShouldNotBeNull();
        worker.Coordinator.Of(order.Attempt).Count.ShouldBe(1);
    }

    [Fact]
    public async Task OutOfMemory_WhenNothingFits_FailsAndCanBeTriedElsewhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        await using RunningWorker worker = await StartAsync(fits: "none");
        RunTrial order = Studies.Order(Studies.Synthetic(), 0);

        await worker.SendAsync(order);

        TrialFailed failed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Failed.ShouldNotBeNull();
        (failed.Kind, failed.Message, failed.Retryable).ShouldBe(("out_of_memory", "nothing fits", true));
    }

    [Fact]
    public async Task OutOfMemory_NextTrialOfThatKind_BeginsWithWhatFits()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        await using RunningWorker worker = await StartAsync(fits: "8");
        RunTrial first = Studies.Order(Studies.Synthetic(), 0), second = Studies.Order(Studies.Synthetic(), 1);
        await worker.SendAsync(first);
        await worker.Coordinator.EndOfAsync(first.Attempt);
        await worker.SendAsync(second);
        await worker.Coordinator.EndOfAsync(second.Attempt);
        RunTrial other = Studies.Order(Studies.Synthetic(new() { EpochMs = 3 }), 2);
        await worker.SendAsync(other);
        await worker.Coordinator.EndOfAsync(other.Attempt);

        (await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken)).Select(l => l[(l.LastIndexOf(':') + 1)..])
            .ShouldBe(["none", "16", "8", "8", "none", "16", "8"]);
    }

    public void Dispose() => _folder.Dispose();

    private Task<RunningWorker> StartAsync(string fits) => RunningWorker.StartAsync(slots: 1, settings: new()
    {
        ["Worker:ChildCommand:0"] = "/bin/bash",
        ["Worker:ChildCommand:1"] = "-c",
        ["Worker:ChildCommand:2"] = Script.Replace("FITS", fits, StringComparison.Ordinal).Replace("LOG", Log, StringComparison.Ordinal),
        ["Worker:ChildCommand:3"] = "bash",
    });
}
