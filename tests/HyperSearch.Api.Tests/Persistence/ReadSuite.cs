using System.Net;
using System.Text.Json;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Persistence;

/// <summary>What is computed from many rows, on every database.</summary>
public abstract class ReadSuite : DatabaseSuite
{
    private const string Ladder = "\"algorithm\": {\"name\": \"asha\", \"min_epochs\": 3, \"max_epochs\": 9}, \"baseline\": false";

    // The best epoch knows the learning rate, the last one the dropout.
    private static double Loss(RunTrial run, int epoch) => epoch switch
    {
        1 => Math.Abs(Math.Log10(Parameter(run, "learning_rate")) + 2) / 100,
        3 => 10 + Parameter(run, "dropout"),
        _ => 100,
    };

    [Theory]
    [InlineData("best", "learning_rate")]
    [InlineData("last", "dropout")]
    public async Task Importance_WithRungs_IsOfTheValuesAtTheLowestOne(string summary, string first)
    {
        string id = await NewAsync(Bodies.Synthetic($$"""{{Ladder}}, "max_trials": 32, "objective": {"metric": "val_loss", "summary": "{{summary}}"}"""));
        List<RunTrial> runs = await OfferAsync(id, 32);
        // One diverges, one has not got there.
        await ApplyAsync(id, [Events.Diverged(runs[0], Incarnation), Events.Reported(runs[1], Incarnation, 1, 0), .. runs[2..].Select(r => Events.Completed(r, Incarnation, e => Loss(r, e)))]);
        JsonElement before = await ImportanceAsync(id);

        // What becomes of those that went on does not count.
        RunTrial[] on = [.. (await OfferAsync(id, 2)).Where(r => r.FromEpoch == 3)];
        await ApplyAsync(id, [Events.Completed(on[0], Incarnation, 1e-9), Events.Diverged(on[1], Incarnation)]);

        (before.Text("method"), before.Int("rung"), before.Int("n"), before.Int("best")).ShouldBe(("ped-anova", 0, 30, 5));
        (before.GetProperty("too_few").GetBoolean(), before.GetProperty("unstable").GetBoolean()).ShouldBe((false, true));
        JsonElement[] items = before.Items();
        items.Select(i => i.Text("parameter")).ShouldBe([first, .. items[1..].Select(i => i.Text("parameter"))]);
        items.Sum(i => i.GetProperty("importance").GetDouble()).ShouldBe(1, 1e-9);
        on.Length.ShouldBe(2);
        (await ImportanceAsync(id)).GetRawText().ShouldBe(before.GetRawText());
    }

    [Fact]
    public async Task Importance_WithoutRungs_IsOfCompletedTrials()
    {
        string id = await NewAsync(Bodies.Synthetic("\"max_trials\": 60, \"objective\": {\"metric\": \"val_accuracy\"}"));
        List<RunTrial> runs = await OfferAsync(id, 61);
        await ApplyAsync(id, [.. runs[..20].Select(r => Events.Completed(r, Incarnation, e => Events.Loss(r, e)))]);
        JsonElement few = await ImportanceAsync(id);
        await ApplyAsync(id, [.. runs[20..51].Select(r => Events.Completed(r, Incarnation, e => Events.Loss(r, e))), Events.Failed(runs[51], Incarnation, "internal")]);

        JsonElement known = await ImportanceAsync(id);

        // The first run is the baseline.
        (few.Int("n"), few.GetProperty("too_few").GetBoolean(), few.Items().Length, few.GetProperty("best").ValueKind).ShouldBe((19, true, 0, JsonValueKind.Null));
        (known.Int("n"), known.GetProperty("unstable").GetBoolean(), known.GetProperty("rung").ValueKind).ShouldBe((50, false, JsonValueKind.Null));
        known.Items()[0].Text("parameter").ShouldBe("learning_rate");
    }

    [Fact]
    public async Task Importance_UnchangedStudy_Is304()
    {
        string id = await NewAsync(Bodies.Synthetic());
        HttpRequestMessage request = new(HttpMethod.Get, $"/v1/studies/{id}/importance");
        request.Headers.TryAddWithoutValidation("If-None-Match", "\"v1.1\"");

        using HttpResponseMessage answer = await Api.Http.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        await Api.Http.GetAsync("/v1/studies/nobody/importance", Cancellation).ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Capacity_Asha_CountsThePausedTrialsThatMayGoOn()
    {
        string pool = $"p{Guid.NewGuid():N}"[..12];
        string id = await NewAsync(Bodies.Synthetic($"\"pool\": \"{pool}\", {Ladder}, \"max_trials\": 14"));
        List<RunTrial> runs = await OfferAsync(id, 12);
        (long Startable, long Wanted) fresh = await DemandAsync(pool);
        // Ties at the cut: of the four places the last goes to the lower number.
        double[] losses = [0.3, 0.2, 0.3, 0.9, 0.1, 0.3, 0.8, 0.7, 0.6, 0.5, 0.4, 0.4];
        await ApplyAsync(id, [.. runs.Select((r, i) => Events.Completed(r, Incarnation, losses[i]))]);
        (long Startable, long Wanted) four = await DemandAsync(pool);
        List<RunTrial> on = await OfferAsync(id, 2);
        (long Startable, long Wanted) two = await DemandAsync(pool);
        await Api.VerbAsync($"/v1/studies/{id}/pause").ShouldAnswerAsync(HttpStatusCode.Accepted);
        (long Startable, long Wanted) none = await DemandAsync(pool);

        fresh.ShouldBe((2, 14));
        // Four may go on and two are new.
        four.ShouldBe((6, 6));
        on.Select(r => r.Attempt.Number).ShouldBe([4, 1]);
        two.ShouldBe((4, 6));
        none.ShouldBe((0, 0));
    }

    [Fact]
    public async Task Replay_WholeLog_MatchesUntilItIsAltered()
    {
        string id = await NewAsync(Bodies.Synthetic($"{Ladder}, \"max_trials\": 6"));
        JsonElement empty = await ReplayAsync(id);
        await Api.Http.PostAsync($"/v1/studies/{id}/trials", HttpAnswers.Json("""{"parameters": {"learning_rate": 0.5}}"""), Cancellation).ShouldAnswerAsync(HttpStatusCode.Created);
        await Api.Http.PatchAsync($"/v1/studies/{id}", HttpAnswers.Json("""{"max_trials": 7, "max_parallel": 5, "notes": "x"}"""), Cancellation).ShouldAnswerAsync(HttpStatusCode.OK);
        List<RunTrial> runs = await OfferAsync(id, 9);
        await ApplyAsync(id, [Events.Failed(runs[0], Incarnation, "internal"), .. runs[1..].Select((r, i) => Events.Completed(r, Incarnation, i))]);
        await Api.VerbAsync($"/v1/studies/{id}/trials/{runs[0].Attempt.Number}/retry").ShouldAnswerAsync(HttpStatusCode.Accepted);
        await OfferAsync(id, 9);
        await Api.VerbAsync($"/v1/studies/{id}/trials/{runs[1].Attempt.Number}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);
        await Api.VerbAsync($"/v1/studies/{id}/cancel").ShouldAnswerAsync(HttpStatusCode.Accepted);
        int count = (await Api.AllPagesAsync($"/v1/studies/{id}/decisions")).Count;
        JsonElement whole = await ReplayAsync(id);
        await WriteAsync(db => db.Decisions.Where(d => d.StudyId == id && d.Sequence == 3)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Decisions, "[]"), Cancellation));

        JsonElement altered = await ReplayAsync(id);

        (empty.Int("entries"), empty.GetProperty("matches").GetBoolean()).ShouldBe((0, true));
        whole.GetRawText().ShouldBe($$"""{"entries":{{count}},"matches":true,"first_difference":null}""");
        (altered.Int("entries"), altered.GetProperty("matches").GetBoolean()).ShouldBe((3, false));
        JsonElement difference = altered.GetProperty("first_difference");
        (difference.Int("sequence"), difference.GetProperty("input").Text("type"), difference.GetProperty("recorded").GetRawText()).ShouldBe((3, "offered", "[]"));
        difference.GetProperty("replayed").EnumerateArray().Select(d => d.Text("type")).ShouldBe(["assign"]);
        await Api.Http.GetAsync("/v1/studies/nobody/replay", Cancellation).ShouldFailAsync(404, "not-found");
    }

    [Fact]
    public async Task Plan_Estimate_IsMeasuredOnTheStudyOrOnThoseAlike()
    {
        string Body(string fields) => $$"""{"name": "{{Bodies.NewName()}}", "model": "convnet", "dataset": {"name": "fashion-mnist-sample", "max_train_examples": {{GetType().Name.Length + 100}}}, "seed": 1, "max_trials": 4, {{fields}}}""";
        JsonElement unknown = await Api.CreateAsync(Body("\"baseline\": false"), "?validate_only=true").ShouldAnswerAsync(HttpStatusCode.OK);
        foreach (int seconds in (int[])[2, 4, 30])
        {
            string other = await NewAsync(Body("\"baseline\": false"));
            await OfferAsync(other, 1);
            await WriteAsync(db => db.Studies.Where(s => s.Id == other).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.EpochsExecuted, 5).SetProperty(s => s.DeviceSeconds, 5 * seconds), Cancellation));
        }

        JsonElement alike = await Api.CreateAsync(Body("\"confirm\": {\"top\": 1, \"seeds\": 3}"), "?validate_only=true").ShouldAnswerAsync(HttpStatusCode.OK);
        string id = await NewAsync(Body("\"baseline\": false"));
        JsonElement stored = await Api.GetJsonAsync($"/v1/studies/{id}/plan");
        await WriteAsync(db => db.Studies.Where(s => s.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.EpochsExecuted, 2).SetProperty(s => s.DeviceSeconds, 3), Cancellation));
        JsonElement own = (await Api.GetJsonAsync($"/v1/studies/{id}")).GetProperty("plan");

        Estimate(unknown).ShouldBe((null, null));
        // Four trials and the baseline of nine epochs, and three runs of two candidates; there are no slots.
        (alike.Int("confirm_epochs"), Estimate(alike)).ShouldBe((54, (4.0 * (36 + 9 + 54), null)));
        Estimate(stored).ShouldBe((4.0 * 36, null));
        Estimate(own).ShouldBe((1.5 * 36, null));
    }

    private static (double?, double?) Estimate(JsonElement plan) => (Number(plan, "estimated_device_seconds"), Number(plan, "estimated_seconds"));

    private static double? Number(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    private static double Parameter(RunTrial run, string name) => JsonElement.Parse(run.Parameters).GetProperty(name).GetDouble();

    private Task<JsonElement> ImportanceAsync(string id) => Api.GetJsonAsync($"/v1/studies/{id}/importance");

    private Task<JsonElement> ReplayAsync(string id) => Api.GetJsonAsync($"/v1/studies/{id}/replay");

    private async Task<(long, long)> DemandAsync(string name)
    {
        JsonElement pool = (await Api.GetJsonAsync("/v1/capacity")).GetProperty("pools").EnumerateArray().Single(p => p.Text("pool") == name);
        return (pool.GetProperty("startable").GetInt64(), pool.GetProperty("wanted_slots").GetInt64());
    }
}
