using System.Globalization;
using System.Net;
using System.Text.Json;
using HyperSearch.Api.Persistence;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Coordination;

/// <summary>Which checkpoints are left once the API has deleted what nothing needs any more: exactly those that rows still name.</summary>
public abstract class CollectionSuite : RunSuite
{
    private readonly FakeWorker worker = new(slots: 3);

    private protected override FakeWorker[] Workers => [worker];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task KeepTop_SuccessiveHalvingThatEnds_LeavesExactlyTheBest(int keepTop)
    {
        string id = await Api.NewStudyAsync($$$"""
            {"name": "{{{Bodies.NewName()}}}", "model": "convnet", "dataset": "fashion-mnist-sample", "seed": 1, "keep_top": {{{keepTop}}},
             "algorithm": {"name": "successive_halving", "max_epochs": 9}, "max_trials": 27}
            """);
        List<string[]> whenScored = [];
        worker.BeforeScoring = async _ =>
        {
            // The decision to score may be carried out before what its predecessor freed is on its way to be deleted.
            await Eventually.BecomesAsync(() => Task.FromResult(Left(id)), left => left.Length <= Math.Max(1, keepTop) + 1);
            await CollectedAsync();
            whenScored.Add(Left(id));
        };

        JsonElement study = await RunAsync(id);

        JsonElement progress = study.GetProperty("progress");
        (study.Text("state"), progress.Int("completed"), progress.Int("pruned")).ShouldBe(("completed", 3, 24));
        JsonElement test = study.GetProperty("test");
        test.ValueKind.ShouldBe(JsonValueKind.Object, study.GetRawText());
        (test.GetProperty("value").GetDouble(), test.GetProperty("baseline_value").GetDouble()).ShouldBe((0.5, 0.9));
        List<JsonElement> trials = await Api.AllPagesAsync($"/v1/studies/{id}/trials");
        string[] ranked = [.. trials.Where(t => t.Int("number") >= 0 && t.Text("state") == "completed").OrderBy(t => t.GetProperty("value").GetDouble()).Select(Key)];
        string baseline = Key(trials.Single(t => t.Int("number") < 0));
        whenScored.Count.ShouldBe(2);
        whenScored.ShouldAllBe(left => left.SequenceEqual(Sorted(ranked.Take(Math.Max(1, keepTop)).Append(baseline))));
        await ShouldLeaveAsync(id, [.. ranked.Take(keepTop)]);
        Api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_RunningTrial_TakesItsCheckpointAndNoOther()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 2, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(2);
        await worker.SendAsync([.. runs.Select(r => Events.Reported(r, worker.Incarnation, 1, 0.5))]);
        await NamesAsync(id, "0/1/1", "1/1/1");
        Left(id).ShouldBe(["0/1/1", "1/1/1"]);

        await Api.VerbAsync($"/v1/studies/{id}/trials/1/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);

        await ShouldLeaveAsync(id, "0/1/1");
    }

    [Fact]
    public async Task Cancel_Study_LeavesOnlyTheBestCompletedTrial()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("\"max_trials\": 4, \"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = [.. (await worker.TakeAsync(3)).OrderBy(r => r.Attempt.Number)];
        await worker.SendAsync(Events.Completed(runs[0], worker.Incarnation, 0.5), Events.Reported(runs[1], worker.Incarnation, 1, 0.4));
        string completed = $"0/1/{runs[0].ToEpoch}";
        await NamesAsync(id, completed, "1/1/1");
        Left(id).ShouldBe(Sorted([completed, "1/1/1"]));

        await Api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);

        await ShouldLeaveAsync(id, completed);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("stop")]
    public async Task End_TrialsPausedAtTheirRung_LoseTheirCheckpoints(string verb)
    {
        string id = await Api.NewStudyAsync(Bodies.Halving(3, 3, "\"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);
        await worker.SendAsync([.. runs.Where(r => r.Attempt.Number < 2).Select(r => Events.Completed(r, worker.Incarnation, 0.5))]);
        await NamesAsync(id, "0/1/1", "1/1/1");
        Left(id).ShouldBe(["0/1/1", "1/1/1"]);

        await Api.VerbAsync($"/v1/studies/{id}/{verb}").ShouldAnswerAsync(HttpStatusCode.Accepted);

        await ShouldLeaveAsync(id);
    }

    [Fact]
    public async Task Rung_ThatDecides_TakesTheCheckpointsOfThePrunedTrials()
    {
        string id = await Api.NewStudyAsync(Bodies.Halving(3, 3, "\"baseline\": false"));
        await worker.BeatAsync();
        RunTrial[] runs = await worker.TakeAsync(3);

        await worker.SendAsync([.. runs.Select(r => Events.Completed(r, worker.Incarnation, r.Attempt.Number == 1 ? 0.1 : 0.5))]);
        RunTrial promoted = await worker.TakeAsync();

        (promoted.Attempt.Number, promoted.Checkpoint).ShouldBe((1, $"studies/{id}/trials/1/1/1"));
        await ShouldLeaveAsync(id, "1/1/1");

        // Further on, its new checkpoint replaces the old one.
        await worker.SendAsync(Events.Reported(promoted, worker.Incarnation, 2, 0.1));
        await ShouldLeaveAsync(id, "1/2/2");
    }

    [Fact]
    public async Task Median_TrialThatIsStopped_LosesItsCheckpoint()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic("""
            "algorithm": {"name": "random", "stopping": {"name": "median", "min_trials": 1}}, "max_trials": 2, "baseline": false
            """));
        await worker.BeatAsync();
        RunTrial[] runs = [.. (await worker.TakeAsync(2)).OrderBy(r => r.Attempt.Number)];
        await worker.SendAsync(Events.Reported(runs[0], worker.Incarnation, 1, 0.5), Events.Reported(runs[0], worker.Incarnation, 2, 0.5));
        await worker.SendAsync(Events.Reported(runs[1], worker.Incarnation, 1, 0.9), Events.Reported(runs[1], worker.Incarnation, 2, 0.9));

        await Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("progress").Int("pruned") == 1);

        await ShouldLeaveAsync(id, "0/1/2");
    }

    private static string[] Sorted(IEnumerable<string> keys) => [.. keys.Order(StringComparer.Ordinal)];

    /// <summary>The last checkpoint of a trial that ended, within the study's trials.</summary>
    private static string Key(JsonElement trial) => string.Create(
        CultureInfo.InvariantCulture, $"{(trial.Int("number") < 0 ? "baseline" : trial.Int("number"))}/{trial.Int("attempt")}/{trial.Int("epochs")}");

    /// <summary>The checkpoints that are in the store.</summary>
    private string[] Left(string id)
    {
        DirectoryInfo trials = new(Path.Combine(Api.ArtifactFolder, "studies", id, "trials"));
        return trials.Exists
            ? Sorted(trials.EnumerateFiles("last", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(trials.FullName, f.DirectoryName!)))
            : [];
    }

    /// <summary>Waits until exactly these are left and nothing more is to be deleted; no row may name another, which the sweep would keep for ever.</summary>
    private async Task ShouldLeaveAsync(string id, params string[] keys)
    {
        string wanted = string.Join(", ", Sorted(keys));
        await Eventually.BecomesAsync(() => Task.FromResult(string.Join(", ", Left(id))), left => left == wanted);
        await CollectedAsync();
        Left(id).ShouldBe(Sorted(keys));
        await NamesAsync(id, keys);
    }

    /// <summary>Waits until the rows name exactly these checkpoints.</summary>
    private async Task NamesAsync(string id, params string[] keys)
    {
        string wanted = string.Join(", ", Sorted(keys));
        await Eventually.BecomesAsync(
            async () =>
            {
                await using SearchDb db = Api.Get<SearchDbs>().Read();
                List<string?> named = await db.Trials.Where(t => t.StudyId == id && t.CheckpointKey != null).Select(t => t.CheckpointKey).ToListAsync(Cancellation);
                return string.Join(", ", Sorted(named.Select(key => key![$"studies/{id}/trials/".Length..])));
            },
            named => named == wanted);
    }

    private async Task<JsonElement> RunAsync(string id)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task running = worker.RunAllAsync(end.Token);
        Task<JsonElement> study = Eventually.BecomesAsync(() => Api.GetJsonAsync($"/v1/studies/{id}"), s => s.GetProperty("finished_at").ValueKind != JsonValueKind.Null);
        if (await Task.WhenAny(running, study) == running)
        {
            // It runs until it is told to end, so it failed.
            await running;
        }

        await study;
        await end.CancelAsync();
        await running;
        return await study;
    }
}
