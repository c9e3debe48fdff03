using System.Data.Common;
using System.Net;
using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Persistence;

/// <summary>What must hold on every database. Without workers: slots are offered by the tests themselves.</summary>
public abstract class StorageSuite : IAsyncLifetime
{
    private readonly Guid incarnation = Guid.NewGuid();
    private TestApi api = null!;

    /// <summary>Settings of the database.</summary>
    protected abstract Dictionary<string, string?> Database { get; }

    private protected TestApi Api => api;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => api = await TestApi.StartAsync(new(Database) { ["Studies:KeyWaitSeconds"] = "0.3" });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (api is not null)
        {
            await api.DisposeAsync();
        }
    }

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
        await ApplyAsync(id, [.. runs[..8].Select((r, i) => double.IsNaN(losses[i]) ? Events.Diverged(r, incarnation) : Events.Completed(r, incarnation, losses[i]))]);
        List<int> expected = [.. new[] { 8, 1, 3 }];

        await ApplyAsync(id, [Events.Completed(runs[8], incarnation, losses[8])]);

        await using SearchDb db = Dbs.Read();
        List<Trial> trials = await db.Trials.Where(t => t.StudyId == id).Ranked().ToListAsync(Cancellation);
        trials.Where(t => t.State == TrialState.Waiting).Select(t => (t.Number, t.Rung, t.ToEpoch)).ShouldBe(expected.Select(n => (n, (int?)1, 3)));
        trials.Count(t => t.State == TrialState.Pruned).ShouldBe(6);
        trials.Select(t => t.Number).ShouldBe([8, 1, 3, 4, 6, 0, 5, 2, 7]);
        Study study = await db.Studies.SingleAsync(s => s.Id == id, Cancellation);
        (study.Waiting, study.Pruned, study.Paused).ShouldBe((3, 6, 0));
    }

    [Fact]
    public async Task Offer_TrialBeyondItsCheckpoint_RewindsReportsAndValue()
    {
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        RunTrial run = (await OfferAsync(id, 1))[0];
        await ApplyAsync(id,
        [
            Events.Reported(run, incarnation, 1, 0.9),
            Events.Reported(run, incarnation, 2, 0.4),
            Events.Reported(run, incarnation, 3, 0.2, checkpoint: false),
        ]);
        await ApplyAsync(id, [Events.Returned(run, incarnation, ReturnCause.ChildDied)]);

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
        StudyTransactions transactions = api.Get<StudyTransactions>();
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

    [Fact]
    public async Task Decisions_OfAStudy_AreWithoutGapsAndReadBack()
    {
        string id = await NewAsync(Bodies.Halving(3, 3));
        List<RunTrial> runs = await OfferAsync(id, 4);
        await ApplyAsync(id, [.. runs.Select(r => Events.Started(r, incarnation)), .. runs.Select((r, i) => Events.Completed(r, incarnation, i + 0.5))]);

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
        await ApplyAsync(id, [.. runs.Select(r => Events.Completed(r, incarnation, 0.5))]);
        await ApplyAsync(id, [.. (await OfferAsync(id, 1)).Select(r => Events.Completed(r, incarnation, 0.5))]);
        await OfferAsync(id, 1);
        await api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);
        int[] before = await CountAsync(id);

        using HttpResponseMessage deleted = await api.Http.DeleteAsync($"/v1/studies/{id}", Cancellation);

        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        before.ShouldAllBe(count => count > 0);
        (await CountAsync(id)).ShouldAllBe(count => count == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Leaderboard_PagesWithTiesAndMissingValues_AreTheWholeOrder(int size)
    {
        string id = await RankedAsync();
        await using SearchDb db = Dbs.Read();
        List<int> whole = await db.Trials.Where(t => t.StudyId == id).Ranked().Select(t => t.Number).ToListAsync(Cancellation);

        List<int> paged = [.. (await api.AllPagesAsync($"/v1/studies/{id}/leaderboard?limit={size}")).Select(r => r.Int("number"))];
        List<JsonElement> completed = await api.AllPagesAsync($"/v1/studies/{id}/leaderboard?limit={size}&state=completed&sort=value");

        paged.ShouldBe(whole);
        paged.ShouldBe([1, 4, 0, 7, 5, 3, 6, 2, 9, 8]);
        completed.Select(r => r.Int("rank")).ShouldBe(Enumerable.Range(1, completed.Count));
        completed.ShouldAllBe(r => r.Text("state") == "completed");
    }

    [Fact]
    public async Task Trials_InEveryOrder_ArePagedWhole()
    {
        string id = await RankedAsync();
        List<JsonElement> all = await api.AllPagesAsync($"/v1/studies/{id}/trials");
        foreach (string sort in TrialOrder.All)
        {
            List<JsonElement> paged = await api.AllPagesAsync($"/v1/studies/{id}/trials?limit=3&sort={sort}");
            paged.Select(t => t.Int("number")).ShouldBe(Ordered(all, sort), sort);
        }

        (await api.AllPagesAsync($"/v1/studies/{id}/trials?state=paused,completed&limit=1&sort=-value")).Select(t => t.Text("state")).Distinct().Order().ShouldBe(["completed", "paused"]);
    }

    [Fact]
    public async Task Create_EqualRequestsAtTheSameTime_GiveOneStudy()
    {
        string body = Bodies.Synthetic();
        string key = Guid.NewGuid().ToString();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.CreateAsync(body, key: key)));

        string[] bodies = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync(Cancellation)));
        answers.Select(a => a.StatusCode).ShouldAllBe(s => s == HttpStatusCode.Created, bodies[0]);
        bodies.Distinct().ShouldHaveSingleItem();
        answers.Count(a => !a.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);
        answers.Select(a => $"{a.Headers.Location} {a.Headers.ETag}").Distinct().ShouldHaveSingleItem();
        await api.CreateAsync(body + " ", key: key).ShouldFailAsync(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Create_SameNameAtTheSameTime_IsTakenOnce()
    {
        string body = Bodies.Synthetic();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.CreateAsync(body)));
        HttpResponseMessage[] returned = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => api.CreateAsync(body, "?if_exists=return")));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
        returned.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Create_EqualRequestInFlight_Is409AndWorksOnceItHasVanished()
    {
        string body = Bodies.Synthetic();
        string key = Guid.NewGuid().ToString();
        await using (WriteTransaction crashed = await Dbs.WriteAsync(Cancellation))
        {
            IdempotencyKey row = new() { Key = key, RequestHash = "", StudyId = "st_x", Answer = "", CreatedAt = await crashed.Db.Sql.NowAsync(crashed.Db, TimeProvider.System, Cancellation) };
            (await crashed.Db.Sql.TryInsertKeyAsync(crashed.Db, row, Cancellation)).ShouldBeTrue();

            await api.CreateAsync(body, key: key).ShouldFailAsync(409, "request-in-flight");
        }

        await api.CreateAsync(body, key: key).ShouldAnswerAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Create_KeyOfYesterday_IsForgotten()
    {
        string key = Guid.NewGuid().ToString();
        await api.CreateAsync(Bodies.Synthetic(), key: key).ShouldAnswerAsync(HttpStatusCode.Created);
        DateTimeOffset yesterday = TimeProvider.System.GetUtcNow().AddHours(-25);
        await WriteAsync(db => db.IdempotencyKeys.Where(k => k.Key == key).ExecuteUpdateAsync(set => set.SetProperty(k => k.CreatedAt, yesterday), Cancellation));

        using HttpResponseMessage again = await api.CreateAsync(Bodies.Synthetic(), key: key);

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task Events_OfOldAttempts_AreDropped()
    {
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 1, \"baseline\": false"));
        RunTrial old = (await OfferAsync(id, 1))[0];
        await ApplyAsync(id, [Events.Returned(old, incarnation, ReturnCause.NoFreeSlot)]);
        RunTrial current = (await OfferAsync(id, 1))[0];

        await ApplyAsync(id, [Events.Completed(old, incarnation, 0.1), Events.Completed(current, Guid.NewGuid(), 0.1)]);
        await ApplyAsync(id, [Events.Completed(current, incarnation, 0.5)]);
        await ApplyAsync(id, [Events.Completed(current, incarnation, 0.1)]);

        JsonElement study = await api.GetJsonAsync($"/v1/studies/{id}");
        (study.Text("state"), study.GetProperty("best").GetProperty("value").GetDouble()).ShouldBe(("completed", 0.5));
        study.GetProperty("epochs_executed").GetInt64().ShouldBe(9);
    }

    [Fact]
    public async Task Scoring_OfTrialsWithoutAModel_EndsWithTheReason()
    {
        string id = await NewAsync($$"""{"name": "{{Bodies.NewName()}}", "model": "convnet", "dataset": "fashion-mnist-sample", "max_trials": 1, "pool": "{{Guid.NewGuid():N}}"}""");
        List<RunTrial> runs = await OfferAsync(id, 2);
        await ApplyAsync(id, [.. runs.Select(r => Events.Completed(r, incarnation, 0.5)).Select(e => e with { Completed = e.Completed! with { Checkpoint = null } })]);

        (await OfferAsync(id, 2)).ShouldBeEmpty();

        JsonElement study = await api.GetJsonAsync($"/v1/studies/{id}");
        (study.Text("state"), study.GetProperty("test").ValueKind).ShouldBe(("completed", JsonValueKind.Null));
        study.Text("test_note").ShouldContain("no model");
    }

    private SearchDbs Dbs => api.Get<SearchDbs>();

    /// <summary>Ten completed, paused, running and diverged trials with ties and without values.</summary>
    private async Task<string> RankedAsync()
    {
        string id = await NewAsync(Bodies.Halving(10, 9, "\"baseline\": false"));
        await OfferAsync(id, 10);
        (TrialState State, int Rung, double? Loss)[] rows =
        [
            (TrialState.Completed, 2, 0.5), (TrialState.Completed, 2, 0.1), (TrialState.Completed, 2, null), (TrialState.Paused, 0, 0.05), (TrialState.Completed, 2, 0.1),
            (TrialState.Paused, 1, 0.3), (TrialState.Running, 0, 0.05), (TrialState.Paused, 1, 0.3), (TrialState.Pruned, 0, null), (TrialState.Running, 1, null),
        ];
        // Seven before five: the better one of two at the same rung.
        rows[7].Loss = 0.2;
        await WriteAsync(async db =>
        {
            for (int i = 0; i < rows.Length; i++)
            {
                (TrialState state, int rung, double? loss) = rows[i];
                await db.Trials.Where(t => t.StudyId == id && t.Number == i).ExecuteUpdateAsync(
                    set => set.SetProperty(t => t.State, state).SetProperty(t => t.Rung, rung).SetProperty(t => t.Loss, loss).SetProperty(t => t.Value, loss), Cancellation);
            }
        });
        return id;
    }

    private static IEnumerable<int> Ordered(List<JsonElement> all, string sort)
    {
        string name = sort.TrimStart('-');
        double? Key(JsonElement t)
        {
            JsonElement value = name is "number" or "value" ? t.GetProperty(name) : t.GetProperty("parameters").GetProperty(name);
            return value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => Core.Hyperparameters.HyperparameterCatalog.Find(name)!.Choices.IndexOf(value.GetString()!),
                _ => value.GetDouble(),
            };
        }

        double sign = sort.StartsWith('-') ? -1 : 1;
        return all.OrderBy(t => Key(t) is null).ThenBy(t => Key(t) * sign).ThenBy(t => t.Int("number")).Select(t => t.Int("number"));
    }

    private async Task<int[]> CountAsync(string id)
    {
        await using SearchDb db = Dbs.Read();
        return
        [
            await db.Studies.CountAsync(s => s.Id == id, Cancellation), await db.Documents.CountAsync(d => d.StudyId == id, Cancellation),
            await db.Rungs.CountAsync(r => r.StudyId == id, Cancellation), await db.Trials.CountAsync(t => t.StudyId == id, Cancellation),
            await db.Reports.CountAsync(r => r.StudyId == id, Cancellation), await db.Evaluations.CountAsync(e => e.StudyId == id, Cancellation),
            await db.Decisions.CountAsync(d => d.StudyId == id, Cancellation), await db.Feed.CountAsync(f => f.StudyId == id, Cancellation),
        ];
    }

    private Task<string> NewAsync(string body) => api.NewStudyAsync(body);

    private async Task<List<RunTrial>> OfferAsync(string id, int slots) =>
        [.. (await api.Get<Offers>().OfferAsync(id, [.. Enumerable.Repeat(incarnation, slots)], Cancellation)).Select(r => r.Command)];

    private Task ApplyAsync(string id, TrialEvent[] events) => api.Get<EventApplication>().ApplyAsync(id, events, Cancellation);

    private async Task WriteAsync(Func<SearchDb, Task> write)
    {
        await using WriteTransaction transaction = await Dbs.WriteAsync(Cancellation);
        await write(transaction.Db);
        await transaction.CommitAsync(Cancellation);
    }

    private static Report Report(string id, int epoch, double? loss) =>
        new() { StudyId = id, Number = 0, Epoch = epoch, ValLoss = loss, Seconds = 0.125, PeakDeviceBytes = 7_000_000_000 };
}
