using HyperSearch.Messaging;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>Children that say that a batch did not fit, played by a shell script that speaks the protocol.</summary>
public sealed class OutOfMemoryTests : IDisposable
{
    // $2 is the descriptor of events; what is tried next depends on the micro-batch of the order, what it
    // has done by then on the epoch from which it starts.
    private const string Script = """
        tell() {
            json="{$job,$1}"
            printf "\\x$(printf %02x $((${#json} % 256)))\\x$(printf %02x $((${#json} / 256)))\\0\\0%s" "$json" >&"$events"
        }
        report() { tell "\"Reported\":{\"Epoch\":$1,\"Seconds\":1}"; }
        save() { mkdir -p "$root/$1"; echo "$1" >"$root/$1/state"; tell "\"Checkpoint\":{\"Epoch\":$1,\"Folder\":\"$root/$1\"}"; }
        events=$2
        while len=$(head -c 4 | od -An -tu4 | tr -d ' ') && [ -n "$len" ]; do
            order=$(head -c "$len")
            job=$(grep -o '"Job":[0-9]*' <<<"$order" | head -1)
            grep -o '"MicroBatch":[0-9]*' <<<"$order" >>"LOG" || echo none >>"LOG"
            from=$(grep -o '"FromEpoch":[0-9]*' <<<"$order" | cut -d: -f2)
            root=$(grep -o '"CheckpointRoot":"[^"]*"' <<<"$order" | cut -d'"' -f4)
            echo "$from" >>"LOG.from"
            case $from in
                0) FROM0 ;;
                1) report 2 ;;
            esac
            case "$order" in
                *'"MicroBatch":FITS,'*) end='{"Kind":"Completed"}' ;;
                *'"MicroBatch":16,'*) end='{"Kind":"OutOfMemory","NextMicroBatch":8}' ;;
                *'"MicroBatch":8,'*) end='{"Kind":"OutOfMemory","Message":"nothing fits"}' ;;
                *) end='{"Kind":"OutOfMemory","NextMicroBatch":16}' ;;
            esac
            tell "\"Ended\":$end"
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

        (await LinesAsync(Log)).Select(l => l[(l.LastIndexOf(':') + 1)..])
            .ShouldBe(["none", "16", "8", "8", "none", "16", "8"]);
    }

    [Fact]
    public async Task OutOfMemory_WithEverythingReportedInACheckpoint_GoesOnFromItWithinTheAttempt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        await using RunningWorker worker = await StartAsync(fits: "16", first: "save 1; report 1");
        RunTrial order = Studies.Order(Studies.Synthetic(), 0);

        await worker.SendAsync(order);

        SegmentCompleted completed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Completed.ShouldNotBeNull();
        (await LinesAsync(Log + ".from")).ShouldBe(["0", "1"]);
        completed.Reports.Select(r => r.Epoch).ShouldBe([1, 2]);
        worker.Coordinator.Of(order.Attempt).Where(e => e.Reported is not null).Select(e => e.Reported!.Metrics.Epoch).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("save 1; report 1; report 2", 1)]
    [InlineData("report 1", 0)]
    public async Task OutOfMemory_WithReportsBeyondTheCheckpoint_GivesTheSegmentBackWithASmallerMicroBatch(string first, int kept)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        await using RunningWorker worker = await StartAsync(fits: "16", first);
        RunTrial order = Studies.Order(Studies.Synthetic(), 0);

        await worker.SendAsync(order);

        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned.ShouldNotBeNull();
        (returned.Cause, returned.MicroBatch, returned.Checkpoint?.Epoch ?? 0).ShouldBe((ReturnCause.OutOfMemory, 16, kept));
        returned.Reports.Select(r => r.Epoch).ShouldBe(Enumerable.Range(1, kept));
        RunTrial again = Studies.Order(Studies.Synthetic(), 0, from: kept, attempt: 2, checkpoint: returned.Checkpoint?.Key) with { MicroBatch = returned.MicroBatch };
        await worker.SendAsync(again);
        (await worker.Coordinator.EndOfAsync(again.Attempt)).Completed.ShouldNotBeNull();
        (await LinesAsync(Log)).Select(l => l[(l.LastIndexOf(':') + 1)..]).ShouldBe(["none", "16"]);
    }

    [Fact]
    public async Task OutOfMemory_BeyondTheCheckpointAtTheFloor_FailsAsOutOfMemory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        await using RunningWorker worker = await StartAsync(fits: "none", first: "report 1");
        RunTrial order = Studies.Order(Studies.Synthetic(), 0) with { MicroBatch = 8 };

        await worker.SendAsync(order);

        (await worker.Coordinator.EndOfAsync(order.Attempt)).Failed.ShouldNotBeNull().Kind.ShouldBe("out_of_memory");
    }

    public void Dispose() => _folder.Dispose();

    private static Task<string[]> LinesAsync(string path) => File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);

    private Task<RunningWorker> StartAsync(string fits, string first = ":") => RunningWorker.StartAsync(slots: 1, settings: new()
    {
        ["Worker:ChildCommand:0"] = "/bin/bash",
        ["Worker:ChildCommand:1"] = "-c",
        ["Worker:ChildCommand:2"] = Script.Replace("FITS", fits, StringComparison.Ordinal).Replace("LOG", Log, StringComparison.Ordinal).Replace("FROM0", first, StringComparison.Ordinal),
        ["Worker:ChildCommand:3"] = "bash",
    });
}
