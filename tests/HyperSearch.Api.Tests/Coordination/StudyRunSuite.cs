using System.Net;
using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Coordination;

/// <summary>Whole studies over HTTP and the bus, with workers that train nothing.</summary>
public abstract class StudyRunSuite : RunSuite
{
    private readonly FakeWorker worker = new(slots: 3);

    private protected override FakeWorker[] Workers => [worker];

    [Fact]
    public async Task RandomStudy_EndToEnd_RanksEveryTrial()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 7"));
        JsonElement study = await RunAsync(id);

        study.Text("state").ShouldBe("completed");
        study.Text("stop_reason").ShouldBe("finished");
        study.GetProperty("progress").Int("completed").ShouldBe(7);
        study.GetProperty("epochs_executed").GetInt64().ShouldBe(8 * 9);
        study.Text("test_note").ShouldContain("no dataset");
        study.Text("test_note").ShouldContain("Validation only, optimistic");
        study.GetProperty("beats_baseline").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement[] rows = (await Api.GetJsonAsync($"/v1/studies/{id}/leaderboard")).Items();
        rows.Length.ShouldBe(8);
        rows.Select(r => r.GetProperty("value").GetDouble()).ShouldBeInOrder();
        rows.Where(r => !r.GetProperty("baseline").GetBoolean()).Select(r => r.Int("rank")).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        rows.Single(r => r.GetProperty("baseline").GetBoolean()).GetProperty("rank").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement best = rows.First(r => !r.GetProperty("baseline").GetBoolean());
        study.GetProperty("best").GetRawText().ShouldBe(best.GetRawText());
        best.GetProperty("final").GetBoolean().ShouldBeTrue();
        double baseline = study.GetProperty("baseline").GetProperty("value").GetDouble();
        best.GetProperty("delta_to_baseline").GetDouble().ShouldBe(baseline - best.GetProperty("value").GetDouble(), 1e-12);
        Api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispatch_StudiesOfUnequalPriority_TheHigherTakesEverySlotItCanUse()
    {
        string low = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 9, \"baseline\": false"));
        string high = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 9, \"baseline\": false, \"priority\": 1, \"max_parallel\": 2"));
        await worker.BeatAsync();

        RunTrial[] runs = await worker.TakeAsync(3);
        runs.Select(r => r.Attempt.StudyId).Order().ShouldBe(new[] { high, high, low }.Order());
    }

    [Fact]
    public async Task SuccessiveHalving_EndToEnd_PromotesTheBestOfEveryRung()
    {
        string id = await Api.NewStudyAsync(Bodies.Halving(9, 9));
        JsonElement study = await RunAsync(id);

        study.Text("state").ShouldBe("completed");
        JsonElement progress = study.GetProperty("progress");
        (progress.Int("completed"), progress.Int("pruned"), progress.Int("waiting")).ShouldBe((1, 8, 0));
        List<JsonElement> trials = await Api.AllPagesAsync($"/v1/studies/{id}/trials?limit=4");
        double Rate(JsonElement t) => Math.Abs(Math.Log10(t.GetProperty("parameters").GetProperty("learning_rate").GetDouble()) + 2);
        int[] byRate = [.. trials.Where(t => t.Int("number") >= 0).OrderBy(Rate).Select(t => t.Int("number"))];
        trials.Where(t => t.Int("number") >= 0 && t.Int("epochs") >= 3).OrderBy(Rate).Select(t => t.Int("number")).ShouldBe(byRate[..3]);
        trials.Single(t => t.Text("state") == "completed" && t.Int("number") >= 0).Int("number").ShouldBe(byRate[0]);
        study.GetProperty("epochs_executed").GetInt64().ShouldBe(9 + 6 + 6 + 9);

        List<JsonElement> decisions = await Api.AllPagesAsync($"/v1/studies/{id}/decisions?limit=7");
        decisions.Select(d => d.GetProperty("sequence").GetInt64()).ShouldBe(Enumerable.Range(1, decisions.Count).Select(i => (long)i));
        decisions.SelectMany(d => d.GetProperty("decisions").EnumerateArray()).Count(d => d.Text("type") == "promote").ShouldBe(2);
    }

    [Fact]
    public async Task StudyWithDataset_WhenItEnds_IsScoredOnTheTestSplit()
    {
        string id = await Api.NewStudyAsync($$$"""{"name": "{{{Bodies.NewName()}}}", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 2, "search_space": {"epochs": [1, 2]}}""");
        JsonElement study = await RunAsync(id);

        study.Text("state").ShouldBe("completed");
        JsonElement test = study.GetProperty("test");
        (test.Text("metric"), test.GetProperty("value").GetDouble(), test.GetProperty("baseline_value").GetDouble()).ShouldBe(("val_loss", 0.5, 0.9));
        study.GetProperty("beats_baseline").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task KeepTopZero_WhenTheSearchEnds_IsScoredBeforeTheModelGoes()
    {
        string id = await Api.NewStudyAsync($$$"""{"name": "{{{Bodies.NewName()}}}", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 2, "keep_top": 0, "search_space": {"epochs": [1, 2]}}""");
        worker.BeforeScoring = _ => CollectedAsync();

        JsonElement study = await RunAsync(id);

        JsonElement test = study.GetProperty("test");
        test.ValueKind.ShouldBe(JsonValueKind.Object, study.GetRawText());
        (test.GetProperty("value").GetDouble(), test.GetProperty("baseline_value").GetDouble()).ShouldBe((0.5, 0.9));
    }

    [Fact]
    public async Task OutOfMemory_BeyondTheCheckpoint_GoesOnWithTheSmallerMicroBatchAndForgetsTheDiscardedEpochs()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial first = (await worker.TakeAsync(1))[0];
        TrialEvent returned = Events.Returned(first, worker.Incarnation, ReturnCause.OutOfMemory, checkpoint: 1);
        await worker.SendAsync(
            Events.Reported(first, worker.Incarnation, 1, 0.5), Events.Reported(first, worker.Incarnation, 2, 0.1, checkpoint: false),
            returned with { Returned = returned.Returned! with { MicroBatch = 16 } });
        RunTrial again = (await worker.TakeAsync(1))[0];
        await worker.SendAsync(Events.Reported(again, worker.Incarnation, 2, 0.4));

        (again.MicroBatch, again.FromEpoch, again.Attempt.Attempt).ShouldBe((16, 1, 2));
        JsonElement reports = await Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/studies/{id}/trials/0/reports"), r => r.Items().Length == 2);
        reports.Items().Select(r => r.GetProperty("val_loss").GetDouble()).ShouldBe([0.5, 0.4]);
        (await Api.GetJsonAsync($"/v1/studies/{id}/trials/0")).Int("lost_attempts").ShouldBe(0);
    }

    [Fact]
    public async Task Pause_RunningTrials_StopAtTheirEpochAndGoOnAfterResume()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 2, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(2);
        await worker.SendAsync([.. runs.Select(r => Events.Reported(r, worker.Incarnation, 1, 0.5))]);
        await Eventually.BecomesAsync(() => StudyAsync(id), s => s.GetProperty("progress").Int("running") == 2);

        JsonElement paused = await Api.VerbAsync($"/v1/studies/{id}/pause").ShouldAnswerAsync(HttpStatusCode.Accepted);
        HeartbeatAnswer answer = await worker.BeatAsync();
        await worker.SendAsync([.. runs.Select(r => Events.Returned(r, worker.Incarnation, ReturnCause.Pause, checkpoint: 1))]);
        JsonElement waiting = await Eventually.BecomesAsync(() => StudyAsync(id), s => s.GetProperty("progress").Int("waiting") == 2);
        await Api.VerbAsync($"/v1/studies/{id}/resume").ShouldAnswerAsync(HttpStatusCode.Accepted);
        RunTrial[] again = await worker.TakeAsync(2);

        paused.Text("state").ShouldBe("paused");
        waiting.Text("state").ShouldBe("paused");
        answer.Stops.Select(s => s.How).ShouldBe([StopKind.FinishEpoch, StopKind.FinishEpoch]);
        again.ShouldAllBe(r => r.FromEpoch == 1 && r.Attempt.Attempt == 2 && r.Checkpoint!.EndsWith("/1/1"));
        JsonElement trial = await Api.GetJsonAsync($"/v1/studies/{id}/trials/0");
        trial.Int("lost_attempts").ShouldBe(0);
    }

    [Fact]
    public async Task Stop_RunningTrials_FinishAndNothingElseStarts()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 9, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);

        JsonElement stopping = await Api.VerbAsync($"/v1/studies/{id}/stop").ShouldAnswerAsync(HttpStatusCode.Accepted);
        await worker.SendAsync([.. runs.Select(r => Events.Completed(r, worker.Incarnation, 0.5))]);
        JsonElement stopped = await Eventually.BecomesAsync(() => StudyAsync(id), s => s.Text("state") == "stopped");

        stopping.Text("state").ShouldBe("stopping");
        stopped.Text("stop_reason").ShouldBe("user_stop");
        JsonElement progress = stopped.GetProperty("progress");
        (progress.Int("completed"), progress.Int("cancelled"), progress.Int("waiting")).ShouldBe((3, 6, 0));
    }

    [Fact]
    public async Task Cancel_RunningTrials_EndAtOnceAndTheirSlotsComeBackWithTheHeartbeat()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 3, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);

        JsonElement cancelled = await Api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);
        HeartbeatAnswer answer = await worker.BeatAsync();
        string next = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        JsonElement busy = (await Api.GetJsonAsync("/v1/capacity")).GetProperty("pools")[0];
        Array.ForEach(runs, worker.Forget);
        await worker.BeatAsync();
        RunTrial run = await worker.TakeAsync();

        cancelled.GetProperty("progress").Int("cancelled").ShouldBe(3);
        answer.Stops.Select(s => s.How).ShouldBe([StopKind.StopNow, StopKind.StopNow, StopKind.StopNow]);
        await Eventually.BecomesAsync(() => Task.FromResult(worker.Stops.Count), count => count == 3);
        busy.Int("slots_free").ShouldBe(0);
        run.Attempt.StudyId.ShouldBe(next);
    }

    [Fact]
    public async Task Delete_FinalStudy_TakesRowsAndArtifactsWithIt()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        await RunAsync(id);
        string artifacts = Path.Combine(Api.ArtifactFolder, "studies", id);
        Directory.CreateDirectory(Path.Combine(artifacts, "trials", "0"));
        await File.WriteAllTextAsync(Path.Combine(artifacts, "trials", "0", "x"), "x", Cancellation);

        using HttpResponseMessage deleted = await Api.Http.DeleteAsync($"/v1/studies/{id}", Cancellation);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Api.Http.GetAsync($"/v1/studies/{id}", Cancellation).ShouldFailAsync(404, "not-found");
        await Eventually.BecomesAsync(() => Task.FromResult(Directory.Exists(artifacts)), exists => !exists);
    }

    [Fact]
    public async Task Sweep_FoldersThatNoRowNames_DeletesThoseOlderThanADay()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        await RunAsync(id);
        await using SearchDb db = Api.Get<SearchDbs>().Read();
        string named = (await db.Trials.SingleAsync(t => t.StudyId == id, Cancellation)).CheckpointKey.ShouldNotBeNull();
        TimeSpan old = TimeSpan.FromHours(25), young = TimeSpan.FromHours(23);
        string[] kept = [Artifact(named, old), Artifact($"studies/{id}/trials/0/9/1", young), Artifact($"studies/{id}/trials/77/1/1", young), Artifact("studies/gone/trials/0/1/1", young)];
        string[] swept = [Artifact($"studies/{id}/trials/0/8/1", old), Artifact($"studies/{id}/trials/78/1/1", old), Artifact("studies/lost/trials/0/1/1", old)];

        int deleted = await Api.Get<ArtifactSweep>().RunAsync(Cancellation);

        kept.ShouldAllBe(file => File.Exists(file));
        swept.ShouldAllBe(file => !File.Exists(file));
        deleted.ShouldBe(swept.Length);
    }

    [Fact]
    public async Task Sweep_TrialThatIsNotFinal_KeepsAll()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        await worker.BeatAsync();
        await worker.TakeAsync();
        string file = Artifact($"studies/{id}/trials/0/1/1", TimeSpan.FromDays(30));

        (await Api.Get<ArtifactSweep>().RunAsync(Cancellation)).ShouldBe(0);

        File.Exists(file).ShouldBeTrue();
    }

    private string Artifact(string key, TimeSpan age)
    {
        DateTime written = TimeProvider.System.GetUtcNow().UtcDateTime - age;
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Api.ArtifactFolder, key));
        string file = Path.Combine(folder.FullName, "file");
        File.WriteAllText(file, key);
        File.SetLastWriteTimeUtc(file, written);
        for (; folder.FullName != Api.ArtifactFolder; folder = folder.Parent!)
        {
            folder.LastWriteTimeUtc = written;
        }

        return file;
    }

    private Task<JsonElement> StudyAsync(string id) => Api.GetJsonAsync($"/v1/studies/{id}");

    private async Task<JsonElement> RunAsync(string id)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task running = worker.RunAllAsync(end.Token);
        JsonElement study = await Eventually.BecomesAsync(() => StudyAsync(id), s => s.GetProperty("finished_at").ValueKind != JsonValueKind.Null);
        await end.CancelAsync();
        await running;
        return study;
    }
}
