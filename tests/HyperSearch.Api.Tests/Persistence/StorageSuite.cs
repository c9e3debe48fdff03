using System.Data.Common;
using System.Net;
using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Trials;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Persistence;

/// <summary>What the coordination asks of a database.</summary>
public abstract class StorageSuite : DatabaseSuite
{
    [Fact]
    public async Task Now_WhereNothingWasReadYet_IsTheTime()
    {
        await using SearchDb db = Dbs.Read();

        DateTimeOffset now = await db.Sql.NowAsync(db, TimeProvider.System, Cancellation);

        (now - TimeProvider.System.GetUtcNow()).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));
        now.UtcTicks.ShouldBe(now.UtcTicks / 10 * 10);
    }

    [Fact]
    public async Task InsertReports_Again_ChangesNothing()
    {
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        await OfferAsync(id, 1);
        await WriteAsync(db => db.Sql.InsertReportsAsync(db, [Report(id, 1, 0.5), Report(id, 2, 0.25)], Cancellation));

        await WriteAsync(db => db.Sql.InsertReportsAsync(db, [Report(id, 2, 9), Report(id, 3, null)], Cancellation));

        await using SearchDb db = Dbs.Read();
        List<Report> reports = await db.Reports.Where(r => r.StudyId == id).OrderBy(r => r.Epoch).ToListAsync(Cancellation);
        reports.Select(r => r.ValLoss).ShouldBe([0.5, 0.25, null]);
        reports[0].PeakDeviceBytes.ShouldBe(7_000_000_000);
        reports[0].Seconds.ShouldBe(0.125);
    }

    [Fact]
    public async Task Promotion_SetBased_TakesTheFirstOfTheLeaderboard()
    {
        string id = await NewAsync(Bodies.Halving(9, 3, "\"baseline\": false"));
        List<RunTrial> runs = await OfferAsync(id, 9);
        double[] losses = [0.5, 0.3, 0.9, 0.3, 0.3, 0.7, 0.3, double.NaN, 0.1];
        await ApplyAsync(id, [.. runs[..8].Select((r, i) => double.IsNaN(losses[i]) ? Events.Diverged(r, Incarnation) : Events.Completed(r, Incarnation, losses[i]))]);
        List<int> expected = [.. new[] { 8, 1, 3 }];

        await ApplyAsync(id, [Events.Completed(runs[8], Incarnation, losses[8])]);

        await using SearchDb db = Dbs.Read();
        List<Trial> trials = await db.Trials.Where(t => t.StudyId == id).Ranked().ToListAsync(Cancellation);
        trials.Where(t => t.State == TrialState.Waiting).Select(t => (t.Number, t.Rung, t.ToEpoch)).ShouldBe(expected.Select(n => (n, (int?)1, 3)));
        trials.Count(t => t.State == TrialState.Pruned).ShouldBe(6);
        trials.Select(t => t.Number).ShouldBe([8, 1, 3, 4, 6, 0, 5, 2, 7]);
        Study study = await db.Studies.SingleAsync(s => s.Id == id, Cancellation);
        (study.Waiting, study.Pruned, study.Paused).ShouldBe((3, 6, 0));
    }

    [Fact]
    public async Task Promotion_OfMoreTrialsThanAStatementTakesParameters_IsCarriedOut()
    {
        const int Trials = 66_000;
        string id = await NewAsync(Bodies.Synthetic($$"""
            "algorithm": {"name": "successive_halving", "reduction_factor": 2, "max_epochs": 2}, "max_trials": {{Trials}}, "baseline": false
            """));
        List<RunTrial> runs = await OfferAsync(id, 2);
        await ApplyAsync(id, [Events.Completed(runs[0], Incarnation, 0.5)]);
        await WriteAsync(db => CopyPausedAsync(db, id, Trials - 2));

        await ApplyAsync(id, [Events.Completed(runs[1], Incarnation, 0.1)]);

        await using SearchDb db = Dbs.Read();
        (await db.Trials.CountAsync(t => t.StudyId == id && t.State == TrialState.Pruned, Cancellation)).ShouldBe(Trials / 2);
        List<int> promoted = await db.Trials.Where(t => t.StudyId == id && t.State == TrialState.Waiting && t.Rung == 1).Select(t => t.Number).ToListAsync(Cancellation);
        promoted.Order().ShouldBe(Enumerable.Range(0, Trials / 2));
    }

    [Fact]
    public async Task Offer_WaitingInEveryBracket_TakesTheEarliestAndItsBestFirst()
    {
        string id = await NewAsync(Bodies.Synthetic("\"algorithm\": {\"name\": \"hyperband\", \"max_epochs\": 9}, \"baseline\": false"));
        List<RunTrial> runs = await OfferAsync(id, 17);
        await ApplyAsync(id, [.. runs[9..].Select(r => Events.Returned(r, Incarnation, ReturnCause.Drain))]);
        await ApplyAsync(id, [.. runs[..9].Select(r => Events.Completed(r, Incarnation, 1.0 / (1 + r.Attempt.Number)))]);

        List<RunTrial> next = await OfferAsync(id, 17);

        next.Select(r => r.Attempt.Number).ShouldBe([8, 7, 6, 9, 10, 11, 12, 13, 14, 15, 16]);
    }

    [Fact]
    public async Task Offer_RetriedTrial_GoesToAnotherWorkerWhereThereIsOne()
    {
        Guid other = Guid.NewGuid();
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 2, \"baseline\": false"));
        RunTrial first = (await OfferAsync(id, 1))[0];
        await ApplyAsync(id, [Events.Failed(first, Incarnation, "dataset_error", retryable: true)]);

        List<(Guid Incarnation, RunTrial Command)> both = await Api.Get<Offers>().OfferAsync(id, [Incarnation, other], Cancellation);
        both.Select(r => (r.Incarnation, r.Command.Attempt.Number)).ShouldBe([(other, 0), (Incarnation, 1)]);
    }

    [Fact]
    public async Task Offer_RetriedTrialAndNoOtherWorker_GoesToTheSame()
    {
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        RunTrial first = (await OfferAsync(id, 1))[0];
        await ApplyAsync(id, [Events.Failed(first, Incarnation, "dataset_error", retryable: true)]);

        (await OfferAsync(id, 1)).ShouldHaveSingleItem().Attempt.ShouldBe(first.Attempt with { Attempt = 2 });
    }

    [Fact]
    public async Task Offer_TrialBeyondItsCheckpoint_RewindsReportsAndValue()
    {
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        RunTrial run = (await OfferAsync(id, 1))[0];
        await ApplyAsync(id,
        [
            Events.Reported(run, Incarnation, 1, 0.9),
            Events.Reported(run, Incarnation, 2, 0.4),
            Events.Reported(run, Incarnation, 3, 0.2, checkpoint: false),
        ]);
        await ApplyAsync(id, [Events.Returned(run, Incarnation, ReturnCause.ChildDied)]);

        RunTrial again = (await OfferAsync(id, 1))[0];

        await using SearchDb db = Dbs.Read();
        Trial trial = await db.Trials.SingleAsync(t => t.StudyId == id, Cancellation);
        (again.FromEpoch, again.Attempt.Attempt).ShouldBe((2, 2));
        (trial.Epochs, trial.Value, trial.BestEpoch, trial.LostAttempts).ShouldBe((2, 0.4, 2, 1));
        (await db.Reports.Where(r => r.StudyId == id).OrderBy(r => r.Epoch).Select(r => r.Epoch).ToListAsync(Cancellation)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Cell_OfTwoTrials_IsRefused()
    {
        string id = await NewAsync(Bodies.Synthetic("\"algorithm\": \"grid\", \"search_space\": {\"batch_size\": [16, 32]}, \"baseline\": false"));
        await OfferAsync(id, 2);

        DbException error = await Should.ThrowAsync<DbException>(() => WriteAsync(async db =>
        {
            int? cell = await db.Trials.Where(t => t.StudyId == id && t.Number == 0).Select(t => t.Cell).SingleAsync(Cancellation);
            await db.Trials.Where(t => t.StudyId == id && t.Number == 1).ExecuteUpdateAsync(set => set.SetProperty(t => t.Cell, cell), Cancellation);
        }));

        DatabaseErrors.IsDuplicate(error).ShouldBeTrue();
    }

    [Fact]
    public async Task StudyTransactions_OfOneStudy_WaitForEachOther()
    {
        string id = await NewAsync(Bodies.Synthetic());
        StudyTransactions transactions = Api.Get<StudyTransactions>();
        TaskCompletionSource entered = new();
        TaskCompletionSource release = new();
        List<string> order = [];
        Task<bool> first = transactions.RunAsync(id, async _ =>
        {
            entered.SetResult();
            await release.Task;
            order.Add("first");
            return true;
        }, Cancellation);
        await entered.Task;

        Task<bool> second = transactions.RunAsync(id, _ =>
        {
            order.Add("second");
            return Task.FromResult(true);
        }, Cancellation);
        bool early = await Task.WhenAny(second, Task.Delay(200, Cancellation)) == second;
        release.SetResult();
        await Task.WhenAll(first, second);

        early.ShouldBeFalse();
        order.ShouldBe(["first", "second"]);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("tpe")]
    public async Task StudyTransactions_ThatFailed_LeaveNothingInTheHistoryOfProposals(string sampler)
    {
        string id = await NewAsync(Bodies.Synthetic($"\"algorithm\": \"{sampler}\", \"max_trials\": 3, \"baseline\": false"));
        await Should.ThrowAsync<InvalidOperationException>(Api.Get<StudyTransactions>().RunAsync<bool>(id, async study =>
        {
            await study.ApplyAsync(new StudyInput.Enqueued(study.Spec.Space.Constants.Normalize()));
            (await study.ApplyAsync(new StudyInput.Offered(Incarnation, null))).Created!.Number.ShouldBe(1);
            throw new InvalidOperationException("broken");
        }, Cancellation));

        List<RunTrial> runs = await OfferAsync(id, 3);

        runs.Select(r => r.Attempt.Number).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Decisions_OfAStudy_AreWithoutGapsAndReadBack()
    {
        string id = await NewAsync(Bodies.Halving(3, 3));
        List<RunTrial> runs = await OfferAsync(id, 4);
        await ApplyAsync(id, [.. runs.Select(r => Events.Started(r, Incarnation)), .. runs.Select((r, i) => Events.Completed(r, Incarnation, i + 0.5))]);

        await using SearchDb db = Dbs.Read();
        List<DecisionLogEntry> log = await db.Decisions.Where(d => d.StudyId == id).OrderBy(d => d.Sequence).ToListAsync(Cancellation);

        log.Select(d => d.Sequence).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        log.Select(d => d.ReadInput().GetType().Name).ShouldBe(["Offered", "Offered", "Offered", "Offered", "SegmentCompleted", "SegmentCompleted", "SegmentCompleted", "SegmentCompleted"]);
        log[^1].ReadDecisions().OfType<Decision.Promote>().Single().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_Study_TakesEveryRowWithIt()
    {
        string id = await NewAsync($$"""{"name": "{{Bodies.NewName()}}", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 3, "algorithm": {"name": "successive_halving", "max_epochs": 3}, "pool": "{{Guid.NewGuid():N}}"}""");
        List<RunTrial> runs = await OfferAsync(id, 4);
        await ApplyAsync(id, [.. runs.Select(r => Events.Completed(r, Incarnation, 0.5))]);
        await ApplyAsync(id, [.. (await OfferAsync(id, 1)).Select(r => Events.Completed(r, Incarnation, 0.5))]);
        await OfferAsync(id, 1);
        await Api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);
        int[] before = await CountAsync(id);

        using HttpResponseMessage deleted = await Api.Http.DeleteAsync($"/v1/studies/{id}", Cancellation);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        before.ShouldAllBe(count => count > 0);
        (await CountAsync(id)).ShouldAllBe(count => count == 0);
    }

    [Fact]
    public async Task Events_OfOldAttempts_AreDropped()
    {
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        RunTrial old = (await OfferAsync(id, 1))[0];
        await ApplyAsync(id, [Events.Returned(old, Incarnation, ReturnCause.NoFreeSlot)]);
        RunTrial current = (await OfferAsync(id, 1))[0];

        await ApplyAsync(id, [Events.Completed(old, Incarnation, 0.1), Events.Completed(current, Guid.NewGuid(), 0.1)]);
        await ApplyAsync(id, [Events.Completed(current, Incarnation, 0.5)]);
        await ApplyAsync(id, [Events.Completed(current, Incarnation, 0.1)]);

        JsonElement study = await Api.GetJsonAsync($"/v1/studies/{id}");
        (study.Text("state"), study.GetProperty("best").GetProperty("value").GetDouble()).ShouldBe(("completed", 0.5));
        study.GetProperty("epochs_executed").GetInt64().ShouldBe(9);
    }

    [Fact]
    public async Task Scoring_OfTrialsWithoutAModel_EndsWithTheReason()
    {
        string id = await NewAsync($$"""{"name": "{{Bodies.NewName()}}", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 1, "pool": "{{Guid.NewGuid():N}}"}""");
        List<RunTrial> runs = await OfferAsync(id, 2);
        await ApplyAsync(id, [.. runs.Select(r => Events.Completed(r, Incarnation, 0.5)).Select(e => e with { Completed = e.Completed! with { Checkpoint = null } })]);

        (await OfferAsync(id, 2)).ShouldBeEmpty();

        JsonElement study = await Api.GetJsonAsync($"/v1/studies/{id}");
        (study.Text("state"), study.GetProperty("test").ValueKind).ShouldBe(("completed", JsonValueKind.Null));
        study.Text("test_note").ShouldContain("no model");
    }

    [Fact]
    public async Task Cancel_RacingWithCompletion_IsWonByOne()
    {
        for (int i = 0; i < 15; i++)
        {
            string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
            RunTrial run = (await OfferAsync(id, 1))[0];

            Task<HttpResponseMessage> cancel = Api.VerbAsync($"/v1/studies/{id}/cancel");
            await ApplyAsync(id, [Events.Completed(run, Incarnation, 0.5)]);
            using HttpResponseMessage answer = await cancel;

            JsonElement study = await Api.GetJsonAsync($"/v1/studies/{id}");
            bool won = answer.StatusCode == HttpStatusCode.Accepted;
            study.Text("state").ShouldBe(won ? "cancelled" : "completed");
            (await Api.GetJsonAsync($"/v1/studies/{id}/trials/0")).Text("state").ShouldBe(study.Text("state"));
            study.GetProperty("progress").Int(study.Text("state")).ShouldBe(1);
        }
    }

    /// <summary>Trials like the first one, which is paused on its rung.</summary>
    private static async Task CopyPausedAsync(SearchDb db, string id, int count)
    {
        string[] columns = [.. db.Model.FindEntityType(typeof(Trial))!.GetProperties().Select(p => p.GetColumnName())];
        IEnumerable<string> values = columns.Select(c => c switch { "number" => "n.value", "checkpoint_key" => "NULL", _ => "t." + c });
        string copy = $$"""
            WITH RECURSIVE n(value) AS (SELECT 2 UNION ALL SELECT value + 1 FROM n WHERE value <= {1})
            INSERT INTO trials ({{string.Join(", ", columns)}})
            SELECT {{string.Join(", ", values)}} FROM trials AS t, n WHERE t.study_id = {0} AND t.number = 0
            """;
        await db.Database.ExecuteSqlRawAsync(copy, [id, count], Cancellation);
        await db.Database.ExecuteSqlAsync($"UPDATE studies SET created = created + {count}, paused = paused + {count} WHERE id = {id}", Cancellation);
        await db.Rungs.Where(r => r.StudyId == id && r.Index == 0).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Entered, r => r.Entered + count).SetProperty(r => r.Ended, r => r.Ended + count)
                .SetProperty(r => r.Finite, r => r.Finite + count).SetProperty(r => r.Paused, r => r.Paused + count),
            Cancellation);
    }

    private async Task<int[]> CountAsync(string id)
    {
        await using SearchDb db = Dbs.Read();
        return
        [
            await db.Studies.CountAsync(s => s.Id == id, Cancellation), await db.Documents.CountAsync(d => d.StudyId == id, Cancellation),
            await db.Rungs.CountAsync(r => r.StudyId == id, Cancellation), await db.Trials.CountAsync(t => t.StudyId == id, Cancellation),
            await db.Reports.CountAsync(r => r.StudyId == id, Cancellation), await db.Segments.CountAsync(s => s.StudyId == id, Cancellation),
            await db.Decisions.CountAsync(d => d.StudyId == id, Cancellation), await db.Feed.CountAsync(f => f.StudyId == id, Cancellation),
        ];
    }

    private static Report Report(string id, int epoch, double? loss) =>
        new() { StudyId = id, Number = 0, Epoch = epoch, ValLoss = loss, Seconds = 0.125, PeakDeviceBytes = 7_000_000_000 };
}
