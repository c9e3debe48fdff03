using System.Diagnostics;
using HyperSearch.Artifacts;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>A child may die in any way: it costs one attempt, never the worker.</summary>
public sealed class ChildDeathTests
{
    private static readonly StudySpec Fast = Studies.Synthetic();
    private static readonly StudySpec Slow = Studies.Synthetic(new() { EpochMs = 40 });

    [Fact]
    public async Task Child_Killed_GivesBackItsLastCheckpointAndIsReplaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial order = Studies.Order(Slow, 0, to: 1000);
        await worker.SendAsync(order);
        await worker.Coordinator.ReportOfAsync(order.Attempt, 2);
        int child = worker.ChildIds.ShouldHaveSingleItem();

        await SignalAsync("-KILL", child);

        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned.ShouldNotBeNull();
        returned.Cause.ShouldBe(ReturnCause.ChildDied);
        returned.Detail!.ShouldContain("exit code 137");
        returned.Checkpoint!.Epoch.ShouldBeGreaterThanOrEqualTo(2);
        returned.Reports.Select(r => r.Epoch).ShouldBe(Enumerable.Range(1, returned.Checkpoint.Epoch));
        RunTrial again = Studies.Order(Slow, 0, from: returned.Checkpoint.Epoch, to: returned.Checkpoint.Epoch + 2, attempt: 2, checkpoint: returned.Checkpoint.Key);
        await worker.SendAsync(again);
        (await worker.Coordinator.EndOfAsync(again.Attempt)).Completed!.Reports.Count.ShouldBe(2);
        worker.ChildIds.ShouldHaveSingleItem().ShouldNotBe(child);
    }

    [Fact]
    public async Task Child_ToldToInterruptOrTerminate_GoesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial order = Studies.Order(Slow, 0, to: 10);
        await worker.SendAsync(order);
        await worker.Coordinator.ReportOfAsync(order.Attempt, 1);

        await SignalAsync("-INT", worker.ChildIds[0]);
        await SignalAsync("-TERM", worker.ChildIds[0]);

        (await worker.Coordinator.EndOfAsync(order.Attempt)).Completed.ShouldNotBeNull();
    }

    [Fact]
    public async Task Child_ThatHangs_IsKilledAndItsSegmentGivenBack()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, settings: new() { ["Worker:StallTimeoutS"] = "6" });
        RunTrial order = Studies.Order(Slow, 0, to: 100_000);
        await worker.SendAsync(order);
        await worker.Coordinator.ReportOfAsync(order.Attempt, 2);
        int child = worker.ChildIds[0];

        await SignalAsync("-STOP", child);

        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned.ShouldNotBeNull();
        returned.Cause.ShouldBe(ReturnCause.ChildDied);
        returned.Detail!.ShouldContain("No batch finished within 6 s");
        RunTrial next = Studies.Order(Fast, 1);
        await worker.SendAsync(next);
        (await worker.Coordinator.EndOfAsync(next.Attempt)).Completed.ShouldNotBeNull();
    }

    [Fact]
    public async Task Child_ThatDoesNotObeyAStop_IsKilledAfterTheGrace()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, heartbeat: 3600, settings: new() { ["Worker:StopGraceS"] = "0.5" });
        RunTrial order = Studies.Order(Slow, 0, to: 100_000);
        await worker.SendAsync(order);
        await worker.Coordinator.ReportOfAsync(order.Attempt, 1);
        await SignalAsync("-STOP", worker.ChildIds[0]);

        await worker.SendAsync(new StopTrial(order.Attempt, StopKind.StopNow));

        await worker.Coordinator.HeartbeatAsync(h => h.Sequence > 1 && h.Held.Count == 0, "a heartbeat with a free slot");
        worker.Coordinator.Of(order.Attempt).ShouldNotContain(e => e.Ends());
    }

    [Theory]
    [InlineData("echo 'not of this protocol' >&$2; read -r never", "it broke the protocol")]
    [InlineData("echo 'libfoo.so: cannot open' >&2; exit 3", "exit code 3; libfoo.so: cannot open")]
    [InlineData("kill -ABRT $$", "exit code 134")]
    [InlineData("exec /does/not/exist", "exit code 127")]
    public async Task Child_ThatIsNoWorker_EndsTheAttemptWithAReason(string script, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        await using RunningWorker worker = await RunningWorker.StartAsync(
            slots: 1, settings: new() { ["Worker:ChildCommand:0"] = "/bin/bash", ["Worker:ChildCommand:1"] = "-c", ["Worker:ChildCommand:2"] = script, ["Worker:ChildCommand:3"] = "bash" });
        RunTrial order = Studies.Order(Fast, 0);

        await worker.SendAsync(order);

        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned.ShouldNotBeNull();
        returned.Cause.ShouldBe(ReturnCause.ChildDied);
        returned.Detail!.ShouldContain(reason);
    }

    [Fact]
    public async Task Child_InWhichTheTensorLibraryFailed_CostsOneAttemptAndIsReplaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");

        // Fails the first job of the worker and lives on; like a broken device it fails all that come to it after that.
        using TemporaryFolder folder = new();
        string script = $$"""
            mkdir "{{folder.In("broken")}}" 2>/dev/null && end='{"Kind":"LibraryFailed","Message":"CUDA error: an illegal memory access"}' || end='{"Kind":"Completed"}'
            while len=$(head -c 4 | od -An -tu4 | tr -d ' ') && [ -n "$len" ]; do
                json="{$(head -c "$len" | grep -o '"Job":[0-9]*' | head -1),\"Ended\":$end}"
                printf "\\x$(printf %02x ${#json})\\0\\0\\0%s" "$json" >&"$2"
            done
            """;
        await using RunningWorker worker = await RunningWorker.StartAsync(
            slots: 1, settings: new() { ["Worker:ChildCommand:0"] = "/bin/bash", ["Worker:ChildCommand:1"] = "-c", ["Worker:ChildCommand:2"] = script, ["Worker:ChildCommand:3"] = "bash" });
        RunTrial order = Studies.Order(Fast, 0), next = Studies.Order(Fast, 1);

        await worker.SendAsync(order);
        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned.ShouldNotBeNull();
        await worker.SendAsync(next);

        (returned.Cause, returned.Detail).ShouldBe((ReturnCause.ChildDied, "CUDA error: an illegal memory access"));
        (await worker.Coordinator.EndOfAsync(next.Attempt)).Completed.ShouldNotBeNull();
    }

    [Fact]
    public async Task Child_WhoseProgramIsMissing_EndsTheAttemptWithAReason()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, settings: new() { ["Worker:ChildCommand:0"] = "/does/not/exist" });
        RunTrial order = Studies.Order(Fast, 0);

        await worker.SendAsync(order);

        (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned!.Detail!.ShouldContain("/does/not/exist");
    }

    [Fact]
    public async Task Store_ThatIsFull_GivesTheSegmentBackAndTheWorkerGoesOn()
    {
        FailingStore store = new() { Fails = true };
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, store: store);
        RunTrial order = Studies.Order(Slow, 0, to: 1000);

        await worker.SendAsync(order);

        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned.ShouldNotBeNull();
        (returned.Cause, returned.Detail, returned.Checkpoint).ShouldBe((ReturnCause.ArtifactStore, "no space is left", null));
        store.Fails = false;
        RunTrial next = Studies.Order(Fast, 0, attempt: 2);
        await worker.SendAsync(next);
        (await worker.Coordinator.EndOfAsync(next.Attempt)).Completed.ShouldNotBeNull();
    }

    [Fact]
    public async Task Store_ThatIsSlow_LeavesNoOvertakenCheckpointOnTheDisk()
    {
        SlowStore store = new();
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, store: store);
        RunTrial order = Studies.Order(Slow, 0, to: 100_000);
        await worker.SendAsync(order);
        string first = await store.Put(0);
        string root = Path.GetDirectoryName(first)!;
        await worker.Coordinator.UntilAsync(() => Directory.GetDirectories(root) is { Length: >= 6 } waiting ? waiting : null, "six checkpoints wait");

        store.GoOn();
        await store.Put(1);

        string[] left = Directory.GetDirectories(root);
        left.Select(Path.GetFileName).ShouldNotContain("2");
        left.Length.ShouldBeLessThan(6);
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using Process kill = Process.Start("kill", [signal, FormattableString.Invariant($"{process}")]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        kill.ExitCode.ShouldBe(0);
    }

    private sealed class FailingStore : WriteOnlyStore
    {
        public volatile bool Fails;

        public override Task<string> PutFolderAsync(string key, string localFolder, CancellationToken cancellationToken) =>
            Fails ? throw new ArtifactStoreException("no space is left") : Task.FromResult("hash");
    }

    /// <summary>Holds the first folder until it is told to go on.</summary>
    private sealed class SlowStore : WriteOnlyStore
    {
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string>[] _puts = [new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)];
        private int _count;

        public Task<string> Put(int number) => _puts[number].Task.WaitAsync(TimeSpan.FromSeconds(60));

        public void GoOn() => _goOn.SetResult();

        public override async Task<string> PutFolderAsync(string key, string localFolder, CancellationToken cancellationToken)
        {
            int number = _count++;
            if (number < _puts.Length)
            {
                _puts[number].SetResult(localFolder);
            }

            await _goOn.Task.WaitAsync(cancellationToken);
            return "hash";
        }
    }
}
