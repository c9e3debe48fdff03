using System.Net;
using System.Text.Json;

namespace HyperSearch.EndToEnd.Tests.Distributed;

/// <summary>Whole studies over separate processes, with every failure that reliability.md promises to survive.</summary>
public sealed class DistributedTests
{
    private const int GridCells = 200;

    private static readonly string[] DecidedFields = ["number", "state", "epochs", "rung", "value", "parameters", "seed"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SampleStudy_OverTwoWorkers_IsRankedScoredAndServed()
    {
        await using Cluster cluster = await Cluster.StartAsync(slots: 1);
        string study = await cluster.SubmitAsync(Requests.Sample("sample"));

        JsonElement end = await cluster.UntilFinalAsync(study, 240);

        end.GetProperty("state").GetString().ShouldBe("completed", cluster.Api.Output);
        end.GetProperty("best").GetProperty("final").GetBoolean().ShouldBeTrue();
        end.GetProperty("test").GetProperty("examples").GetInt32().ShouldBe(1000);
        end.GetProperty("beats_baseline").ValueKind.ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);
        JsonElement[] rows = [.. (await cluster.GetAsync($"/v1/studies/{study}/leaderboard?limit=100")).GetProperty("items").EnumerateArray()];
        rows.Length.ShouldBe(28);
        rows.Count(r => r.GetProperty("epochs").GetInt32() == 9 && !r.GetProperty("baseline").GetBoolean()).ShouldBe(3);
        await cluster.ShouldBeWholeAsync(study);
        HttpResponseMessage model = await cluster.Http.GetAsync($"/v1/studies/{study}/best/model", Cancellation);
        model.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldHoldModelAsync(model);
    }

    [Fact]
    public async Task Halving_OverProcesses_DecidesAsTheEmbeddedHost()
    {
        string data = Directory.CreateTempSubdirectory("hypersearch-embedded-").FullName;
        await using Cluster cluster = await Cluster.StartAsync();
        string distributed = await cluster.SubmitAsync(Requests.Halving("same", epochMs: 1));
        await cluster.UntilFinalAsync(distributed);
        List<JsonElement> ours = await cluster.TrialsAsync(distributed);

        string request = Path.Combine(data, "study.json");
        await File.WriteAllTextAsync(request, Requests.Halving("same", epochMs: 1).ToJsonString(), Cancellation);
        string url = $"http://127.0.0.1:{Cluster.FreePort()}";
        await using HostProcess embedded = HostProcess.Start(
            "HyperSearch.Standalone", new Dictionary<string, string>(), "--data", data, "--urls", url, "--slots", "3", "--study", request);
        using HttpClient http = new() { BaseAddress = new Uri(url) };
        await cluster.UntilAsync("the embedded study is complete", async () => await CompletedAsync(http));
        using JsonDocument theirs = JsonDocument.Parse(await http.GetStringAsync("/v1/studies/same/trials?sort=number&limit=500", Cancellation));

        theirs.RootElement.GetProperty("items").EnumerateArray().Select(Decided).ShouldBe(ours.Select(Decided));
        embedded.Kill();
        await embedded.WaitForExitAsync(Cancellation);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Grid_WithAWorkerKilled_RunsEveryCellOnceAndGoesOnFromTheCheckpoint()
    {
        await using Cluster cluster = await Cluster.StartAsync(slots: 1);
        string study = await cluster.SubmitAsync(Requests.Grid("grid-kill", GridCells, epochMs: 20));
        Guid victim = await cluster.IncarnationAsync(0);
        await cluster.UntilAsync("the study is in the middle", async () => await FinalAsync(cluster, study) > GridCells / 4);
        await FreezeInATrialAsync(cluster, victim);

        DateTime killed = await cluster.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        cluster.Workers[0].Kill();
        JsonElement end = await cluster.UntilFinalAsync(study, 180);

        end.GetProperty("state").GetString().ShouldBe("completed");
        List<JsonElement> trials = [.. (await cluster.TrialsAsync(study)).Where(t => t.GetProperty("number").GetInt32() >= 0)];
        trials.Count.ShouldBe(GridCells);
        trials.ShouldAllBe(t => t.GetProperty("state").GetString() == "completed");
        trials.Select(t => t.GetProperty("cell").GetInt32()).Order().ShouldBe(Enumerable.Range(0, GridCells));
        JsonElement lost = trials.Where(t => t.GetProperty("lost_attempts").GetInt32() > 0).ShouldHaveSingleItem();
        lost.GetProperty("lost_attempts").GetInt32().ShouldBe(1);
        lost.GetProperty("attempt").GetInt32().ShouldBe(2);
        (await cluster.ScalarAsync<int>($"SELECT from_epoch FROM trials WHERE study_id = '{study}' AND attempt = 2")).ShouldBeGreaterThan(0);
        DateTime again = await cluster.ScalarAsync<DateTime>($"SELECT assigned_at FROM trials WHERE study_id = '{study}' AND attempt = 2");
        (again - killed).TotalSeconds.ShouldBeLessThan(2 * Cluster.LeaseSeconds);
        await cluster.ShouldBeWholeAsync(study);
        // Beyond the plan it ran exactly the epochs that were reported and not yet in a durable checkpoint: how many is up to the disk.
        int number = lost.GetProperty("number").GetInt32();
        int reported = await cluster.ScalarAsync<int>($"""
            SELECT max((input::json -> 'report' ->> 'epoch')::int) FROM decisions WHERE study_id = '{study}' AND input::json ->> 'type' = 'reported'
            AND (input::json -> 'by' ->> 'number')::int = {number} AND (input::json -> 'by' ->> 'attempt')::int = 1
            """);
        int repeated = reported - await cluster.ScalarAsync<int>($"SELECT from_epoch FROM trials WHERE study_id = '{study}' AND number = {number}");
        repeated.ShouldBeInRange(0, 7);
        (await cluster.ScalarAsync<long>($"SELECT epochs_executed FROM studies WHERE id = '{study}'")).ShouldBe(((GridCells + 1) * 9) + repeated);
    }

    [Fact]
    public async Task LearningStudy_WithAWorkerKilledAndUsersAtWork_EndsWholeAndReplays()
    {
        await using Cluster cluster = await Cluster.StartAsync();
        string study = await cluster.SubmitAsync(Requests.Learning("asha-tpe", epochMs: 20, trials: 60));
        using StringContent known = new("""{"parameters": {"learning_rate": 0.00063, "dropout": 0.15}}""", System.Text.Encoding.UTF8, "application/json");
        (await cluster.Http.PostAsync($"/v1/studies/{study}/trials", known, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await cluster.UntilAsync("the study is in the middle", async () =>
            await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND number >= 20") > 0);
        cluster.Workers[0].Kill();
        using StringContent more = new("""{"max_trials": 70}""", System.Text.Encoding.UTF8, "application/merge-patch+json");
        (await cluster.Http.PatchAsync($"/v1/studies/{study}", more, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonElement end = await cluster.UntilFinalAsync(study, 180);

        end.GetProperty("state").GetString().ShouldBe("completed");
        end.GetProperty("progress").GetProperty("total").GetInt32().ShouldBe(71);
        end.GetProperty("best").GetProperty("final").GetBoolean().ShouldBeTrue();
        List<JsonElement> trials = await cluster.TrialsAsync(study);
        trials.Count(t => t.GetProperty("number").GetInt32() >= 0 && t.GetProperty("confirms").ValueKind == JsonValueKind.Null).ShouldBe(71);
        trials.Count(t => t.GetProperty("confirms").ValueKind != JsonValueKind.Null).ShouldBe(9);
        await cluster.ShouldBeWholeAsync(study);
        using JsonDocument replay = JsonDocument.Parse(await cluster.Http.GetStringAsync($"/v1/studies/{study}/replay", Cancellation));
        replay.RootElement.GetRawText().ShouldContain("\"matches\":true");
    }

    [Fact]
    public async Task Probe_WithItsWorkerKilled_IsRunByAnotherBeforeAnyTrial()
    {
        await using Cluster cluster = await Cluster.StartAsync(slots: 1);
        string study = await cluster.SubmitAsync(Requests.Probed("probe-kill"));
        string held = $"FROM segments WHERE study_id = '{study}' AND kind = 'Probe' AND incarnation IS NOT NULL";
        await cluster.UntilAsync("a worker has the probe", async () => await cluster.ScalarAsync<long>($"SELECT count(*) {held}") > 0);
        Guid victim = await cluster.ScalarAsync<Guid>($"SELECT incarnation {held}");

        cluster.Workers[victim == await cluster.IncarnationAsync(0) ? 0 : 1].Kill();
        JsonElement end = await cluster.UntilFinalAsync(study, 180);

        end.GetProperty("state").GetString().ShouldBe("completed", cluster.Api.Output);
        (await cluster.ScalarAsync<int>($"SELECT attempt FROM segments WHERE study_id = '{study}' AND kind = 'Probe'")).ShouldBe(2);
        end.GetProperty("probe").GetProperty("scores").GetArrayLength().ShouldBe(4);
        (await cluster.TrialsAsync(study)).ShouldAllBe(t => t.GetProperty("state").GetString() == "completed" && t.GetProperty("lost_attempts").GetInt32() == 0);
        await cluster.ShouldBeWholeAsync(study);
    }

    [Fact]
    public async Task FrozenWorker_ComingBackAfterItsLease_ChangesNothingAndIsToldToStop()
    {
        await using Cluster cluster = await Cluster.StartAsync();
        string study = await cluster.SubmitAsync(Requests.Grid("grid-zombie", 40, epochMs: 150));
        Guid frozen = await cluster.IncarnationAsync(0);
        await FreezeInATrialAsync(cluster, frozen);
        // Back before its attempts are taken from it, it would keep them.
        await cluster.UntilAsync("the frozen worker is given up", async () =>
            await cluster.ScalarAsync<string>($"SELECT state FROM workers WHERE incarnation = '{frozen}'") == "Lost"
            && await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE incarnation = '{frozen}'") == 0);
        cluster.Workers[0].Thaw();
        await cluster.UntilAsync("it is back and holds nothing that is not its own", async () =>
            await cluster.LivingWorkersAsync() == 2 && await cluster.ScalarAsync<long>("SELECT coalesce(sum(stray_slots), 0) FROM workers") == 0);
        JsonElement end = await cluster.UntilFinalAsync(study);

        end.GetProperty("state").GetString().ShouldBe("completed");
        List<JsonElement> trials = [.. (await cluster.TrialsAsync(study)).Where(t => t.GetProperty("number").GetInt32() >= 0)];
        trials.ShouldAllBe(t => t.GetProperty("state").GetString() == "completed");
        trials.Sum(t => t.GetProperty("lost_attempts").GetInt32()).ShouldBeInRange(1, 2);
        await cluster.ShouldBeWholeAsync(study);
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("database")]
    public async Task ServerStoppedForThreeLeases_GivesUpNobody(string which)
    {
        // The default grace: reconnecting to a broker takes the framework up to half a minute.
        await using Cluster cluster = await Cluster.StartAsync(graceSeconds: 45);
        string study = await cluster.SubmitAsync(Requests.Grid("grid-outage", 20, epochMs: 400));
        await cluster.UntilAsync("trials run", async () =>
            await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state = 'Running'") == 4);

        await (which == "broker" ? cluster.Broker.StopAsync(Cancellation) : cluster.Database.StopAsync(Cancellation));
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(3 * Cluster.LeaseSeconds), TimeProvider.System, Cancellation);
        }
        finally
        {
            await (which == "broker" ? cluster.Broker.StartAsync(Cancellation) : cluster.Database.StartAsync(Cancellation));
        }

        await cluster.UntilAnswersAsync();
        JsonElement end = await cluster.UntilFinalAsync(study, 180);
        end.GetProperty("state").GetString().ShouldBe("completed");
        (await cluster.ScalarAsync<long>($"SELECT sum(lost_attempts) FROM trials WHERE study_id = '{study}'")).ShouldBe(0);
        (await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state <> 'Completed'")).ShouldBe(0);
        await cluster.ShouldBeWholeAsync(study);
    }

    [Fact]
    public async Task ApiKilledInTheMiddle_AfterItsRestart_LosesNothing()
    {
        await using Cluster cluster = await Cluster.StartAsync();
        string study = await cluster.SubmitAsync(Requests.Grid("grid-api", 100, epochMs: 40));
        await cluster.UntilAsync("the study is in the middle", async () => await FinalAsync(cluster, study) > 20);

        cluster.Api.Kill();
        await cluster.Api.WaitForExitAsync(Cancellation);
        await cluster.StartApiAsync();
        JsonElement end = await cluster.UntilFinalAsync(study);

        end.GetProperty("state").GetString().ShouldBe("completed");
        (await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state = 'Completed'")).ShouldBe(101);
        (await cluster.ScalarAsync<long>($"SELECT sum(lost_attempts) FROM trials WHERE study_id = '{study}'")).ShouldBe(0);
        await cluster.ShouldBeWholeAsync(study);
    }

    [Fact]
    public async Task DrainedWorker_GivesItsSegmentsBackWithoutALoss()
    {
        await using Cluster cluster = await Cluster.StartAsync();
        string study = await cluster.SubmitAsync(Requests.Grid("grid-drain", 40, epochMs: 100));
        await cluster.UntilAsync("trials run", async () =>
            await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state = 'Running'") == 4);

        cluster.Workers[0].Terminate();
        await cluster.Workers[0].WaitForExitAsync(Cancellation);
        cluster.Workers[0].ExitCode.ShouldBe(0, cluster.Workers[0].Output);
        JsonElement end = await cluster.UntilFinalAsync(study);

        end.GetProperty("state").GetString().ShouldBe("completed");
        (await cluster.ScalarAsync<long>($"SELECT sum(lost_attempts) FROM trials WHERE study_id = '{study}'")).ShouldBe(0);
        await cluster.ShouldBeWholeAsync(study);
    }

    [Fact]
    public async Task CancelAndPause_RacingWithCompletion_LeaveWholeStudies()
    {
        const int races = 18;
        await using Cluster cluster = await Cluster.StartAsync(slots: 4);
        for (int race = 0; race < races; race++)
        {
            string study = await cluster.SubmitAsync(Requests.Grid($"race-{race}", 10, epochMs: 2, epochs: 3));
            // The verbs hit every stage of the study, the last of them its end.
            await cluster.UntilAsync("it is far enough", async () => await FinalAsync(cluster, study) >= race % 12);
            string verb = (race % 3) switch { 0 => "cancel", 1 => "pause", _ => "stop" };
            HttpResponseMessage answer = await cluster.Http.PostAsync($"/v1/studies/{study}/{verb}", null, Cancellation);
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Conflict);
            if (verb == "pause" && answer.StatusCode == HttpStatusCode.Accepted)
            {
                await cluster.UntilAsync("nothing runs", async () =>
                    await cluster.ScalarAsync<int>($"SELECT assigned FROM studies WHERE id = '{study}'") == 0);
                (await cluster.Http.PostAsync($"/v1/studies/{study}/resume", null, Cancellation)).StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Conflict);
            }

            JsonElement end = await cluster.UntilFinalAsync(study);
            string state = end.GetProperty("state").GetString()!;
            state.ShouldBeOneOf(verb switch { "cancel" => ["cancelled", "completed"], "stop" => ["stopped", "completed"], _ => ["completed"] });
            await cluster.ShouldBeWholeAsync(study);
        }

        await cluster.UntilAsync("every slot is free", async () => await cluster.ScalarAsync<long>("SELECT count(*) FROM trials WHERE incarnation IS NOT NULL") == 0);
    }

    /// <summary>Stops the first worker's process while it runs a trial that has a checkpoint, so that the kill hits just that.</summary>
    private static async Task FreezeInATrialAsync(Cluster cluster, Guid victim)
    {
        int steady = 0;
        await cluster.UntilAsync("the victim's trial has a checkpoint to go on from", async () =>
        {
            cluster.Workers[0].Freeze();
            long running = await cluster.ScalarAsync<long>(
                $"SELECT count(*) FROM trials WHERE incarnation = '{victim}' AND state = 'Running' AND checkpoint_epoch >= 1");
            // What it sent before it froze may still be on its way: only what lasts is so.
            steady = running >= 1 ? steady + 1 : 0;
            if (steady == 0)
            {
                cluster.Workers[0].Thaw();
            }

            return steady == 6;
        });
    }

    /// <summary>What the rules decided about a trial, and what it was made of.</summary>
    private static string Decided(JsonElement trial) => string.Join(' ', DecidedFields
        .Select(name => trial.GetProperty(name).GetRawText()));

    private static async Task<bool> CompletedAsync(HttpClient http)
    {
        try
        {
            using JsonDocument study = JsonDocument.Parse(await http.GetStringAsync("/v1/studies/same", Cancellation));
            return study.RootElement.GetProperty("state").GetString() == "completed";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task<long> FinalAsync(Cluster cluster, string study) =>
        cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state = 'Completed'");

    private static async Task ShouldHoldModelAsync(HttpResponseMessage model)
    {
        using System.IO.Compression.ZipArchive zip = new(await model.Content.ReadAsStreamAsync(Cancellation));
        zip.Entries.Select(e => e.FullName).ShouldBe(["README.md", "config.json", "confusion_matrix.json", "model.safetensors"], ignoreOrder: true);
    }
}
