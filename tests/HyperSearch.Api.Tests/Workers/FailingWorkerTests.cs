using System.Net;
using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Workers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Tests.Workers;

public sealed class FailingWorkerTests : IAsyncLifetime
{
    private readonly FakeWorker bad = new(slots: 3);
    private readonly FakeWorker good = new(slots: 3);
    private Queue<RunTrial> runs = [];
    private TestApi api = null!;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(null, bad, good);

    public ValueTask DisposeAsync() => api.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Note_ThreeFailuresWhileAnotherWorkerCompletes_DrainTheWorkerUntilItIsUndrained()
    {
        string id = await StudyAsync();
        await NoteAsync(id, 0, 1, 2);
        (await StateAsync()).ShouldBe("active");
        await CompleteAsync();

        await NoteAsync(id, 3);
        JsonElement drained = await api.GetJsonAsync($"/v1/workers/{bad.Incarnation}");
        HeartbeatAnswer answer = await bad.BeatAsync();
        await api.VerbAsync($"/v1/workers/{bad.Incarnation}/undrain").ShouldAnswerAsync(HttpStatusCode.Accepted);
        await NoteAsync(id, 4, 5);

        (drained.Text("state"), answer.Drain).ShouldBe(("draining", true));
        drained.Text("drain_reason").ShouldBe($"Its last 3 trials all failed ({id} trial 1, {id} trial 2, {id} trial 3), while other workers of its pool completed segments of the same study.");
        (await StateAsync()).ShouldBe("active");
    }

    [Fact]
    public async Task Failures_ThatAreReported_AreNotedWithTheirWorker()
    {
        string id = await StudyAsync();
        RunTrial[] failing = await bad.TakeAsync(3);
        await bad.SendAsync(Events.Failed(failing[0], bad.Incarnation, "internal"));
        await bad.TakeAsync();
        await CompleteAsync();

        await bad.SendAsync([.. failing[1..].Select(r => Events.Failed(r, bad.Incarnation, "internal"))]);

        await Eventually.BecomesAsync(StateAsync, state => state == "draining");
        (await api.GetJsonAsync($"/v1/workers/{bad.Incarnation}")).Text("drain_reason").ShouldContain($"{id} trial {failing[2].Attempt.Number}");
    }

    [Fact]
    public async Task Note_CompletedSegment_BeginsAnew()
    {
        string id = await StudyAsync();
        await CompleteAsync();
        await NoteAsync(id, 0, 1);
        await api.Get<FailingWorkers>().NoteAsync([new TrialEnd(bad.Incarnation, new(id, 2), Failed: false)], Cancellation);
        await CompleteAsync();
        await NoteAsync(id, 3, 4);

        (await StateAsync()).ShouldBe("active");
    }

    [Fact]
    public async Task Note_LastLivingWorkerOfItsPool_IsNotDrained()
    {
        string id = await StudyAsync();
        await NoteAsync(id, 0);
        await CompleteAsync();
        await api.VerbAsync($"/v1/workers/{good.Incarnation}/drain").ShouldAnswerAsync(HttpStatusCode.Accepted);

        await NoteAsync(id, 1, 2);

        (await StateAsync()).ShouldBe("active");
    }

    [Fact]
    public void Of_AppliedEvents_SaysWhatIsTheWorkersDoing()
    {
        StudySpec spec = StudyValidator.Validate(JsonElement.Parse(Bodies.Synthetic("\"max_trials\": 9")), Catalog.BuiltIn, 1).Spec!;
        StudyRules rules = new(spec);
        Study study = rules.Create("st_1", default);
        TrialEnd? After(Func<RunTrial, TrialEvent> what)
        {
            StudyOutcome offered = rules.Apply(study, null, new StudyInput.Offered(bad.Incarnation, null), default);
            Trial trial = offered.Created!;
            RunTrial run = new() { Attempt = new("st_1", trial.Number, SegmentKind.Train, 1), Spec = "", Parameters = "", Seed = 1, FromEpoch = 0, ToEpoch = trial.ToEpoch };
            TrialEvent e = what(run);
            return TrialEnd.Of(e, rules.Apply(study, trial, e.ToInput(), default));
        }

        After(r => Events.Completed(r, bad.Incarnation, 0.5)).ShouldBe(new(bad.Incarnation, new("st_1", -1), false));
        After(r => Events.Failed(r, bad.Incarnation, "internal")).ShouldBe(new(bad.Incarnation, new("st_1", 0), true));
        After(r => Events.Failed(r, bad.Incarnation, "out_of_memory", retryable: true)).ShouldBe(new(bad.Incarnation, new("st_1", 1), true));
        After(r => Events.Failed(r, bad.Incarnation, "bad_parameters")).ShouldBeNull();
        After(r => Events.Returned(r, bad.Incarnation, ReturnCause.ChildDied)).ShouldBeNull();
        After(r => Events.Reported(r, bad.Incarnation, 1, 0.5)).ShouldBeNull();
        After(r => Events.Failed(r, good.Incarnation, "internal")).ShouldBeNull();
    }

    /// <summary>A study of which the good worker runs three trials.</summary>
    private async Task<string> StudyAsync()
    {
        await bad.BeatAsync(draining: true);
        await good.BeatAsync();
        string id = await api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 20, \"baseline\": false"));
        runs = new(await good.TakeAsync(3));
        await bad.BeatAsync();
        await api.VerbAsync($"/v1/workers/{bad.Incarnation}/undrain").ShouldAnswerAsync(HttpStatusCode.Accepted);
        return id;
    }

    private async Task CompleteAsync()
    {
        RunTrial run = runs.Dequeue();
        await good.SendAsync(Events.Completed(run, good.Incarnation, 0.5));
        await Eventually.BecomesAsync(() => api.GetJsonAsync($"/v1/studies/{run.Attempt.StudyId}/trials/{run.Attempt.Number}"), t => t.Text("state") == "completed");
    }

    private Task NoteAsync(string id, params int[] failed) =>
        api.Get<FailingWorkers>().NoteAsync([.. failed.Select(n => new TrialEnd(bad.Incarnation, new(id, n), Failed: true))], Cancellation);

    private async Task<string> StateAsync() => (await api.GetJsonAsync($"/v1/workers/{bad.Incarnation}")).Text("state");
}
