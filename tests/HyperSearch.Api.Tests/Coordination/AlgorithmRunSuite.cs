using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Coordination;

/// <summary>Every algorithm through the database and the bus, on either provider.</summary>
public abstract class AlgorithmRunSuite : RunSuite
{
    private readonly FakeWorker worker = new(slots: 2);

    private protected override FakeWorker[] Workers => [worker];

    [Theory]
    [InlineData("sobol", 12)]
    [InlineData("tpe", 14)]
    [InlineData("asha", 27)]
    [InlineData("hyperband", 17)]
    [InlineData("asha+tpe", 27)]
    [InlineData("hyperband+sobol", 17)]
    public async Task Study_EndToEnd_Completes(string algorithm, int trials)
    {
        string[] names = algorithm.Split('+');
        string sampler = names.Length > 1 ? $", \"sampler\": \"{names[1]}\"" : "";
        string most = names[0] == "hyperband" ? "" : $", \"max_trials\": {trials}";
        string id = await Api.NewStudyAsync(Bodies.Synthetic($$"""
            "algorithm": {"name": "{{names[0]}}"{{sampler}}}{{most}}
            """));
        JsonElement study = await RunAsync(id);

        (study.Text("state"), study.Text("stop_reason")).ShouldBe(("completed", "finished"));
        JsonElement progress = study.GetProperty("progress");
        (progress.Int("completed") + progress.Int("pruned"), progress.Int("paused")).ShouldBe((trials, 0));
        study.GetProperty("best").GetProperty("final").GetBoolean().ShouldBeTrue();
        Api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Asha_EndToEnd_KeepsItsOrderInTheDatabase()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("""
            "algorithm": {"name": "asha", "max_epochs": 27}, "max_trials": 40, "baseline": false
            """));
        await RunAsync(id);

        await using SearchDb db = Api.Get<SearchDbs>().Read();
        List<Rung> rungs = await db.Rungs.Where(r => r.StudyId == id).OrderBy(r => r.Index).ToListAsync(Cancellation);
        List<RankedResult> results = await db.Set<RankedResult>().Where(r => r.StudyId == id).ToListAsync(Cancellation);
        foreach (Rung rung in rungs.SkipLast(1))
        {
            List<RankedResult> here = [.. results.Where(r => r.Level == rung.Index).OrderBy(r => r.Loss).ThenBy(r => r.Number)];
            here.Count.ShouldBe(rung.Finite);
            int places = rung.Ended / 3;
            rung.CutRank.ShouldBe(places);
            rung.CutNumber.ShouldBe(places == 0 ? null : here[places - 1].Number);
            rung.OpenNumber.ShouldBe(here.Find(r => !r.Taken)?.Number);
            here.Count(r => r.Taken).ShouldBe(rung.Promoted);
        }

        rungs[0].Ended.ShouldBe(40);
        results.Count(r => r.Taken).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Confirm_AfterTheSearch_RunsAgainRanksAndScoresTheExportedRun()
    {
        string id = await Api.NewStudyAsync($$$"""
            {"name": "{{{Bodies.NewName()}}}", "model": "convnet", "dataset": "fashion-mnist-sample", "seed": 1, "max_trials": 3,
             "search_space": {"learning_rate": {"min": 1e-4, "max": 1e-1, "scale": "log"}, "epochs": 2}, "confirm": {"top": 2, "seeds": 3}}
            """);
        JsonElement study = await RunAsync(id);

        (study.Text("state"), study.Text("stop_reason")).ShouldBe(("completed", "finished"));
        study.GetProperty("progress").Int("completed").ShouldBe(3);
        study.GetProperty("epochs_executed").GetInt64().ShouldBe((4 + 9) * 2);
        List<JsonElement> trials = await Api.AllPagesAsync($"/v1/studies/{id}/trials");
        JsonElement[] runs = [.. trials.Where(t => t.GetProperty("confirms").ValueKind != JsonValueKind.Null).OrderBy(t => t.Int("number"))];
        runs.Select(r => r.Int("number")).ShouldBe(Enumerable.Range(3, 9));
        runs.Select(r => r.GetProperty("seed").GetInt64()).Distinct().Count().ShouldBe(3);
        runs.Count(r => r.Int("confirms") == -1).ShouldBe(3);
        JsonElement[] rows = (await Api.GetJsonAsync($"/v1/studies/{id}/leaderboard")).Items();
        rows.Count(r => r.GetProperty("confirmation").ValueKind == JsonValueKind.Object).ShouldBe(3);
        JsonElement confirmed = study.GetProperty("best").GetProperty("confirmation");
        (confirmed.Int("n"), confirmed.GetProperty("mean").GetDouble()).ShouldBe((3, runs.Where(r => r.Int("confirms") == study.GetProperty("best").Int("number")).Average(r => r.GetProperty("value").GetDouble())));
        study.GetProperty("test").GetProperty("baseline_value").GetDouble().ShouldBeGreaterThan(0);
        await using SearchDb db = Api.Get<SearchDbs>().Read();
        Study row = await db.Studies.SingleAsync(s => s.Id == id, Cancellation);
        StudyRules.Confirmed(row).Length.ShouldBe(3);
        runs.Single(r => r.Int("number") == row.ModelNumber).Int("confirms").ShouldBe(study.GetProperty("best").Int("number"));
        Api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Median_TrialThatIsBehind_IsStoppedAndItsSlotComesBack()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("""
            "algorithm": {"name": "random", "stopping": {"name": "median", "min_trials": 1}}, "max_trials": 2, "baseline": false
            """));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(2);
        await worker.SendAsync(Events.Reported(runs[0], worker.Incarnation, 1, 0.5), Events.Reported(runs[0], worker.Incarnation, 2, 0.5));
        await worker.SendAsync(Events.Reported(runs[1], worker.Incarnation, 1, 0.9), Events.Reported(runs[1], worker.Incarnation, 2, 0.9));

        JsonElement study = await Eventually.BecomesAsync(() => StudyAsync(id), s => s.GetProperty("progress").Int("pruned") == 1);
        study.GetProperty("progress").Int("running").ShouldBe(1);
        await Eventually.BecomesAsync(() => Task.FromResult(worker.Stops.Count), count => count == 1);
        worker.Stops.Single().ShouldBe(new StopTrial(runs[1].Attempt, StopKind.StopNow));
        HeartbeatAnswer answer = await worker.BeatAsync();
        answer.Stops.ShouldBe([new StopTrial(runs[1].Attempt, StopKind.StopNow)]);
        worker.Forget(runs[1]);
        await worker.BeatAsync();
        (await Api.GetJsonAsync("/v1/capacity")).GetProperty("pools")[0].Int("slots_free").ShouldBe(1);
    }

    [Fact]
    public async Task Apply_EnqueuedConfiguration_RunsNextAndIsNeverProposedAgain()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("""
            "algorithm": "grid", "search_space": {"batch_size": [16, 32, 64], "epochs": 1}, "baseline": false
            """));
        StudyTransactions transactions = Api.Get<StudyTransactions>();
        await transactions.RunAsync(id, async open =>
        {
            // The last cell of the grid, and one that is outside of it.
            await open.ApplyAsync(new StudyInput.Enqueued(With(open, 64)));
            await open.ApplyAsync(new StudyInput.Enqueued(With(open, 7)));
            return true;
        }, Cancellation);
        JsonElement study = await RunAsync(id);

        study.GetProperty("progress").Int("completed").ShouldBe(4);
        List<JsonElement> trials = await Api.AllPagesAsync($"/v1/studies/{id}/trials");
        trials.OrderBy(t => t.Int("number")).Select(t => t.GetProperty("parameters").Int("batch_size")).ShouldBe([64, 7, 16, 32]);
    }

    [Fact]
    public async Task Apply_RetryOfAFailedTrial_GoesOnFromItsCheckpoint()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 1, \"max_failed_trials\": 3"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(2);
        RunTrial searched = runs.Single(r => r.Attempt.Number == 0);
        await worker.SendAsync(Events.Reported(searched, worker.Incarnation, 1, 0.5, checkpoint: true), Events.Failed(searched, worker.Incarnation, "internal"));
        await Eventually.BecomesAsync(() => StudyAsync(id), s => s.GetProperty("progress").Int("failed") == 1);
        StudyTransactions transactions = Api.Get<StudyTransactions>();
        (await transactions.RunAsync(id, open => open.ApplyAsync(new StudyInput.TrialVerbGiven(0, TrialVerb.Retry)), Cancellation))!.Applied.ShouldBeTrue();
        RunTrial again = await worker.TakeAsync();

        (again.Attempt.Number, again.Attempt.Attempt, again.FromEpoch).ShouldBe((0, 2, 1));
        again.Checkpoint.ShouldNotBeNull();
    }

    [Fact]
    public async Task Apply_CancelOfARunningTrial_TellsItsWorker()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 2, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(2);
        StudyTransactions transactions = Api.Get<StudyTransactions>();
        await transactions.RunAsync(id, open => open.ApplyAsync(new StudyInput.TrialVerbGiven(1, TrialVerb.Cancel)), Cancellation);

        await Eventually.BecomesAsync(() => Task.FromResult(worker.Stops.Count), count => count == 1);
        worker.Stops.Single().Attempt.ShouldBe(runs.Single(r => r.Attempt.Number == 1).Attempt);
        (await StudyAsync(id)).GetProperty("progress").Int("cancelled").ShouldBe(1);
    }

    private static Core.Hyperparameters.ParameterSet With(OpenStudy open, int batch) =>
        open.Spec.Space.Constants.With(Core.Hyperparameters.HyperparameterCatalog.BatchSize, batch).Normalize();

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
