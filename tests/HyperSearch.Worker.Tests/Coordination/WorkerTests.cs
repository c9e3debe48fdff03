using HyperSearch.Core.Studies;
using HyperSearch.Messaging;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>What a coordinator can ask of a worker, over the bus and through real child processes.</summary>
public sealed class WorkerTests
{
    private static readonly StudySpec Fast = Studies.Synthetic(new() { Noise = 0.02 });
    private static readonly StudySpec Slow = Studies.Synthetic(new() { EpochMs = 40 });
    private static readonly StudySpec Endless = Studies.Synthetic(new() { EpochMs = 3_600_000 });

    [Fact]
    public async Task RunTrial_FiftyTrialsThroughTwoSlots_AllCompleteInOrder()
    {
        const int Trials = 50;
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 2);
        int next = 2;
        worker.Coordinator.OnEvent = what => what.Ends() && Interlocked.Increment(ref next) is var n && n <= Trials
            ? worker.SendAsync(Studies.Order(Fast, n - 1))
            : Task.CompletedTask;
        await worker.SendAsync(Studies.Order(Fast, 0));
        await worker.SendAsync(Studies.Order(Fast, 1));

        for (int n = 0; n < Trials; n++)
        {
            AttemptReference attempt = Studies.Order(Fast, n).Attempt;
            SegmentCompleted completed = (await worker.Coordinator.EndOfAsync(attempt)).Completed.ShouldNotBeNull();
            IReadOnlyList<TrialEvent> events = worker.Coordinator.Of(attempt);

            events[0].Started.ShouldNotBeNull();
            events[^1].Ends().ShouldBeTrue();
            events.Select(e => e.Reported).OfType<TrialReported>().Select(r => r.Metrics).ShouldBe(completed.Reports);
            completed.Reports.Select(r => r.Epoch).ShouldBe(Enumerable.Range(1, 9));
            completed.Checkpoint!.Epoch.ShouldBe(9);
            completed.Checkpoint.Hash.ShouldBe(await worker.Store.HashAsync(completed.Checkpoint.Key, TestContext.Current.CancellationToken));
            completed.Checkpoint.Key.ShouldBe($"studies/{Studies.Id}/trials/{n}/1/9");
        }

        worker.ChildIds.Count.ShouldBe(2);
        worker.Coordinator.Events.ShouldAllBe(e => e.Incarnation == worker.Worker.Incarnation);
    }

    [Fact]
    public async Task RunTrial_FromACheckpoint_GoesOnFromIt()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial whole = Studies.Order(Fast, 4);
        RunTrial first = Studies.Order(Fast, 4, to: 3, attempt: 2);
        await worker.SendAsync(whole);
        SegmentCompleted uncut = (await worker.Coordinator.EndOfAsync(whole.Attempt)).Completed!;
        await worker.SendAsync(first);
        SegmentCompleted head = (await worker.Coordinator.EndOfAsync(first.Attempt)).Completed!;
        RunTrial second = Studies.Order(Fast, 4, from: 3, attempt: 3, checkpoint: head.Checkpoint!.Key);

        await worker.SendAsync(second);

        SegmentCompleted tail = (await worker.Coordinator.EndOfAsync(second.Attempt)).Completed!;
        head.Reports.Concat(tail.Reports).ShouldBe(uncut.Reports);
    }

    [Fact]
    public async Task RunTrial_FromACheckpointThatIsGone_FailsAndNamesIt()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial order = Studies.Order(Fast, 4, from: 3, checkpoint: "studies/gone/trials/4/1/3");

        await worker.SendAsync(order);

        TrialFailed failed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Failed.ShouldNotBeNull();
        failed.Kind.ShouldBe("internal");
        failed.Message.ShouldContain("studies/gone/trials/4/1/3");
    }

    [Fact]
    public async Task RunTrial_WithoutAFreeSlot_IsGivenBack()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial surplus = Studies.Order(Endless, 1);
        await worker.SendAsync(Studies.Order(Endless, 0));
        await worker.Coordinator.StartOfAsync(Studies.Order(Endless, 0).Attempt);

        await worker.SendAsync(surplus);

        (await worker.Coordinator.EndOfAsync(surplus.Attempt)).Returned!.Cause.ShouldBe(ReturnCause.NoFreeSlot);
    }

    [Fact]
    public async Task RunTrial_Repeated_IsRunOnce()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 2);
        RunTrial order = Studies.Order(Fast, 0);
        RunTrial after = Studies.Order(Fast, 1);
        await worker.SendAsync(order);
        await worker.SendAsync(order);
        await worker.Coordinator.EndOfAsync(order.Attempt);
        await worker.SendAsync(order);
        await worker.SendAsync(after);
        await worker.Coordinator.EndOfAsync(after.Attempt);

        await worker.StopAsync();

        worker.Coordinator.Of(order.Attempt).Count(e => e.Started is not null).ShouldBe(1);
        worker.Coordinator.Of(order.Attempt).Count(e => e.Ends()).ShouldBe(1);
    }

    [Fact]
    public async Task RunTrial_WithAHigherAttempt_StopsTheOlderOne()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 2);
        RunTrial older = Studies.Order(Endless, 0);
        RunTrial newer = Studies.Order(Fast, 0, attempt: 2);
        await worker.SendAsync(older);
        await worker.Coordinator.StartOfAsync(older.Attempt);

        await worker.SendAsync(newer);

        (await worker.Coordinator.EndOfAsync(newer.Attempt)).Completed.ShouldNotBeNull();
        await worker.Coordinator.HeartbeatAsync(h => h.Held.Count == 0 && h.Sequence > 1, "a heartbeat without the older attempt");
        worker.Coordinator.Of(older.Attempt).ShouldNotContain(e => e.Ends());
    }

    [Fact]
    public async Task StopTrial_FinishEpoch_GivesBackWithACheckpointOfThatEpoch()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial order = Studies.Order(Slow, 0, to: 1000) with { CheckpointIntervalS = 3600 };
        await worker.SendAsync(order);
        await worker.Coordinator.ReportOfAsync(order.Attempt, 2);

        await worker.SendAsync(new StopTrial(order.Attempt, StopKind.FinishEpoch));

        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(order.Attempt)).Returned.ShouldNotBeNull();
        returned.Cause.ShouldBe(ReturnCause.Pause);
        returned.Reports.Select(r => r.Epoch).ShouldBe(Enumerable.Range(1, returned.Checkpoint!.Epoch));
        returned.Checkpoint.Epoch.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task StopTrial_StopNow_EndsWithoutAWordAndLeavesTheHeartbeats()
    {
        // A heartbeat an hour: the one that tells of the free slot does not wait for its turn.
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, heartbeat: 3600);
        RunTrial order = Studies.Order(Endless, 0);
        await worker.SendAsync(order);
        await worker.Coordinator.StartOfAsync(order.Attempt);
        await worker.Coordinator.HeartbeatAsync(h => h.Sequence == 1, "the first heartbeat");
        int child = worker.ChildIds.ShouldHaveSingleItem();

        await worker.SendAsync(new StopTrial(order.Attempt, StopKind.StopNow));

        await worker.Coordinator.HeartbeatAsync(h => h.Sequence == 2 && h.Held.Count == 0, "a heartbeat with a free slot");
        RunTrial next = Studies.Order(Fast, 1);
        await worker.SendAsync(next);
        (await worker.Coordinator.EndOfAsync(next.Attempt)).Completed.ShouldNotBeNull();
        worker.Coordinator.Of(order.Attempt).ShouldNotContain(e => e.Ends());
        worker.ChildIds.ShouldBe([child]);
    }

    [Fact]
    public async Task HeartbeatAnswer_WithStops_IsObeyedAndItsTimeRepeated()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        DateTimeOffset time = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        RunTrial order = Studies.Order(Endless, 0);
        await worker.SendAsync(order);
        await worker.Coordinator.HeartbeatAsync(h => h.Held.Contains(order.Attempt), "a heartbeat that lists the attempt");
        StopTrial stop = new(order.Attempt, StopKind.StopNow);
        await worker.SendAsync(new HeartbeatAnswer { Incarnation = Guid.NewGuid(), Time = time.AddDays(1), Stops = [stop] });

        await worker.SendAsync(new HeartbeatAnswer { Incarnation = worker.Worker.Incarnation, Time = time, Stops = [stop] });

        WorkerHeartbeat after = await worker.Coordinator.HeartbeatAsync(h => h.LastAnswer is not null && h.Held.Count == 0, "a heartbeat after the answer");
        after.LastAnswer.ShouldBe(time);
        File.Exists(Path.Combine(worker.WorkFolder, "alive")).ShouldBeTrue();
    }

    [Fact]
    public async Task StopAsync_WhileTrialsRun_GivesThemBackAndLeaves()
    {
        RunningWorker worker = await RunningWorker.StartAsync(slots: 2);
        await using RunningWorker owned = worker;
        RunTrial slow = Studies.Order(Slow, 0, to: 1000);
        RunTrial endless = Studies.Order(Endless, 1);
        await worker.SendAsync(slow);
        await worker.SendAsync(endless);
        await worker.Coordinator.ReportOfAsync(slow.Attempt, 2);
        await worker.Coordinator.StartOfAsync(endless.Attempt);

        await worker.DrainAsync();

        SegmentReturned returned = (await worker.Coordinator.EndOfAsync(slow.Attempt)).Returned.ShouldNotBeNull();
        returned.Cause.ShouldBe(ReturnCause.Drain);
        returned.Reports.Count.ShouldBe(returned.Checkpoint!.Epoch);
        (await worker.Coordinator.EndOfAsync(endless.Attempt)).Returned!.Checkpoint.ShouldBeNull();
        WorkerHeartbeat last = await worker.Coordinator.HeartbeatAsync(h => h.Leaving, "the last heartbeat");
        (last.Draining, last.Held.Count).ShouldBe((true, 0));
        worker.ChildIds.ShouldBeEmpty();
        await worker.StopAsync();
        Directory.EnumerateDirectories(worker.WorkFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Heartbeats_FromTheStart_RegisterTheWorker()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(
            slots: 3, settings: new() { ["Worker:Pool"] = "gpu", ["Worker:Labels:rack"] = "b2" });

        WorkerHeartbeat third = await worker.Coordinator.HeartbeatAsync(h => h.Sequence == 3, "three heartbeats");

        worker.Coordinator.Heartbeats.Take(3).Select(h => h.Sequence).ShouldBe([1, 2, 3]);
        (third.Registration.Slots, third.Registration.Pool, third.Registration.Labels["rack"]).ShouldBe((3, "gpu", "b2"));
        third.Registration.Device.ShouldBe("cpu");
        third.LastAnswer.ShouldBeNull();
    }

    [Fact]
    public async Task Events_OfManyEpochs_ArePacked()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial order = Studies.Order(Studies.Synthetic(new() { EpochMs = 2 }), 0, to: 200) with { CheckpointIntervalS = 3600 };

        await worker.SendAsync(order);

        await worker.Coordinator.EndOfAsync(order.Attempt);
        worker.Coordinator.Packs.Count.ShouldBeLessThan(40);
        worker.Coordinator.Packs.Sum().ShouldBe(202);
    }
}
