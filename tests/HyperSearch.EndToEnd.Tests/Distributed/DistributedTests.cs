using System.Net;
using System.Text.Json;
using HyperSearch.Servers;

namespace HyperSearch.EndToEnd.Tests.Distributed;

/// <summary>Whole studies over separate processes, with every failure that reliability.md promises to survive.</summary>
public sealed class DistributedTests(PostgresDatabase database, RabbitMqVhost vhost) : IClassFixture<PostgresDatabase>, IClassFixture<RabbitMqVhost>
{
    private const int GridCells = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SampleStudy_OverTwoWorkers_IsRankedScoredAndServed()
    {
        await using Cluster cluster = await Cluster.StartAsync(database, vhost, slots: 1);
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
    public async Task Grid_WithAWorkerKilled_RunsEveryCellOnceAndGoesOnFromTheCheckpoint()
    {
        await using Cluster cluster = await Cluster.StartAsync(database, vhost);
        string study = await cluster.SubmitAsync(Requests.Grid("grid-kill", GridCells, epochMs: 20));
        await cluster.UntilAsync("the study is in the middle", async () => await FinalAsync(cluster, study) > GridCells / 4);

        // Trials of the victim that have a checkpoint, so that where they go on can be told.
        cluster.Workers[0].Kill();
        await cluster.UntilAsync("the killed worker's trials are assigned again", async () =>
            await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND lost_attempts > 0 AND state IN ('Dispatched','Running','Completed')") > 0,
            2 * Cluster.LeaseSeconds + 8);
        JsonElement end = await cluster.UntilFinalAsync(study);

        end.GetProperty("state").GetString().ShouldBe("completed");
        List<JsonElement> trials = [.. (await cluster.TrialsAsync(study)).Where(t => t.GetProperty("number").GetInt32() >= 0)];
        trials.Count.ShouldBe(GridCells);
        trials.ShouldAllBe(t => t.GetProperty("state").GetString() == "completed");
        trials.Select(t => t.GetProperty("cell").GetInt32()).Order().ShouldBe(Enumerable.Range(0, GridCells));
        trials.ShouldAllBe(t => t.GetProperty("lost_attempts").GetInt32() <= 1);
        int lost = trials.Sum(t => t.GetProperty("lost_attempts").GetInt32());
        lost.ShouldBeInRange(1, 2, "the killed worker had two slots");
        await cluster.ShouldBeWholeAsync(study);
        // With a checkpoint at every epoch at most one epoch of each lost attempt is run twice.
        long executed = await cluster.ScalarAsync<long>($"SELECT epochs_executed FROM studies WHERE id = '{study}'");
        executed.ShouldBeInRange((GridCells + 1) * 9, ((GridCells + 1) * 9) + (2 * lost));
    }

    [Fact]
    public async Task FrozenWorker_ComingBackAfterItsLease_ChangesNothingAndIsToldToStop()
    {
        await using Cluster cluster = await Cluster.StartAsync(database, vhost);
        string study = await cluster.SubmitAsync(Requests.Grid("grid-zombie", 40, epochMs: 150));
        await cluster.UntilAsync("trials run on both workers", async () =>
            await cluster.ScalarAsync<long>($"SELECT count(DISTINCT incarnation) FROM trials WHERE study_id = '{study}' AND state = 'Running'") == 2);

        cluster.Workers[0].Freeze();
        await cluster.UntilAsync("the frozen worker is given up", async () =>
            await cluster.ScalarAsync<long>("SELECT count(*) FROM workers WHERE state = 'Lost'") == 1);
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

    [Fact]
    public async Task BrokerStoppedForThreeLeases_GivesUpNobody()
    {
        // The default grace: reconnecting takes the framework up to half a minute.
        await using Cluster cluster = await Cluster.StartAsync(database, vhost, graceSeconds: 45);
        string study = await cluster.SubmitAsync(Requests.Grid("grid-broker", 20, epochMs: 400));
        await cluster.UntilAsync("trials run", async () =>
            await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state = 'Running'") == 4);

        await vhost.Server.StopAsync(Cancellation);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(3 * Cluster.LeaseSeconds), TimeProvider.System, Cancellation);
        }
        finally
        {
            await vhost.Server.StartAsync(Cancellation);
        }

        JsonElement end = await cluster.UntilFinalAsync(study, 180);
        end.GetProperty("state").GetString().ShouldBe("completed");
        (await cluster.ScalarAsync<long>($"SELECT sum(lost_attempts) FROM trials WHERE study_id = '{study}'")).ShouldBe(0);
        (await cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state <> 'Completed'")).ShouldBe(0);
        await cluster.ShouldBeWholeAsync(study);
    }

    [Fact]
    public async Task ApiKilledInTheMiddle_AfterItsRestart_LosesNothing()
    {
        await using Cluster cluster = await Cluster.StartAsync(database, vhost);
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
        await using Cluster cluster = await Cluster.StartAsync(database, vhost);
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
        const int races = 24;
        await using Cluster cluster = await Cluster.StartAsync(database, vhost, slots: 4);
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

    private static Task<long> FinalAsync(Cluster cluster, string study) =>
        cluster.ScalarAsync<long>($"SELECT count(*) FROM trials WHERE study_id = '{study}' AND state = 'Completed'");

    private static async Task ShouldHoldModelAsync(HttpResponseMessage model)
    {
        using System.IO.Compression.ZipArchive zip = new(await model.Content.ReadAsStreamAsync(Cancellation));
        zip.Entries.Select(e => e.FullName).ShouldBe(["README.md", "config.json", "model.safetensors"], ignoreOrder: true);
    }
}
