using System.IO.Compression;
using System.Text.Json;
using HyperSearch.Artifacts.Tests;
using HyperSearch.EndToEnd.Tests.Distributed;

namespace HyperSearch.Standalone.Tests;

public sealed class StandaloneTests
{
    private const string Halving = """
        {"name":"halving","model":{"family":"synthetic","epoch_ms":1},"algorithm":{"name":"successive_halving","max_epochs":9},"max_trials":9,"seed":11}
        """;

    private const string Slow = """
        {"name":"slow","model":{"family":"synthetic","epoch_ms":150},"algorithm":"random","search_space":{"epochs":9,"learning_rate":{"min":1e-4,"max":1e-1,"scale":"log"}},"max_trials":6,"seed":3}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Study_WithExit_EndsWithLeaderboardAndZero()
    {
        await using StandaloneProcess standalone = new();
        HostProcess host = standalone.Start("--study", standalone.Write(Halving), "--exit");
        await host.WaitForExitAsync(Cancellation);

        host.ExitCode.ShouldBe(0, host.Output);
        host.Output.ShouldContain("Leaderboard of halving (completed, finished)");
        host.Output.ShouldContain("baseline");
        host.Output.ShouldContain("than the defaults");
        host.Output.ShouldContain($"{standalone.Url}/v1/studies/halving/leaderboard");
    }

    [Fact]
    public async Task FinishedStudy_StartedAgain_IsShownWithTheHintAndFreshRunsItAnew()
    {
        await using StandaloneProcess standalone = new();
        string study = standalone.Write(Halving);
        await standalone.Start("--study", study, "--exit").WaitForExitAsync(Cancellation);

        HostProcess again = standalone.Start("--study", study, "--exit");
        await again.WaitForExitAsync(Cancellation);
        again.ExitCode.ShouldBe(0, again.Output);
        again.Output.ShouldContain("--fresh");
        again.Output.ShouldContain("Leaderboard of halving");

        HostProcess fresh = standalone.Start("--study", study, "--exit", "--fresh");
        await fresh.WaitForExitAsync(Cancellation);
        fresh.ExitCode.ShouldBe(0, fresh.Output);
        fresh.Output.ShouldContain("running:");
    }

    [Fact]
    public async Task SecondProcess_OnTheSameFolder_NamesTheRunningOne()
    {
        await using StandaloneProcess standalone = new();
        standalone.Start();
        await standalone.UntilAsync("/health/ready", _ => true);

        HostProcess second = standalone.Start();
        await second.WaitForExitAsync(Cancellation);

        second.ExitCode.ShouldBe(2);
        second.Output.ShouldContain(standalone.Url);
    }

    [Fact]
    public async Task Killed_StartedAgainOnTheSameFolder_GoesOnAtOnceWithoutALostAttempt()
    {
        await using StandaloneProcess standalone = new();
        string study = standalone.Write(Slow);
        HostProcess first = standalone.Start("--study", study);
        await standalone.UntilAsync("/v1/studies/slow", s => s.GetProperty("epochs_executed").GetInt64() >= 12);

        first.Kill();
        await first.WaitForExitAsync(Cancellation);
        HostProcess second = standalone.Start("--study", study, "--exit");
        await second.WaitForExitAsync(Cancellation);

        second.ExitCode.ShouldBe(0, second.Output);
        standalone.Start();
        JsonElement trials = await standalone.UntilAsync("/v1/studies/slow/trials", _ => true);
        JsonElement[] all = [.. trials.GetProperty("items").EnumerateArray()];
        all.Length.ShouldBe(7);
        all.ShouldAllBe(t => t.GetProperty("state").GetString() == "completed");
        all.ShouldAllBe(t => t.GetProperty("lost_attempts").GetInt32() == 0);
        all.ShouldContain(t => t.GetProperty("attempt").GetInt32() == 2, "something ran when it was killed");
    }

    [Fact]
    public async Task DatasetOutsideEveryRoot_IsRefusedBeforeAnythingRuns()
    {
        await using StandaloneProcess standalone = new();
        string broken = Path.Combine(AppContext.BaseDirectory, "no-such-folder");
        HostProcess host = standalone.Start("--study", standalone.Write(
            $$"""
            {"name":"broken","model":"convnet","dataset":{"path":"{{broken}}"},"algorithm":"random","max_trials":8,"max_failed_trials":2,"seed":1}
            """), "--exit");
        await host.WaitForExitAsync(Cancellation);

        host.ExitCode.ShouldBe(1, host.Output);
        host.Output.ShouldContain("/dataset/path");
    }

    [Fact]
    public async Task Study_WithAProbe_ShowsItsScoresAndWhatItProposes()
    {
        await using StandaloneProcess standalone = new();
        HostProcess host = standalone.Start("--study", standalone.Write("""
            {"name":"probed","model":"convnet","dataset":"fashion-mnist-sample","probe":true,"max_trials":1,"baseline":false,"seed":1,
             "search_space":{"epochs":1,"frozen_blocks":4,"learning_rate":[0.01]}}
            """), "--exit");
        await host.WaitForExitAsync(Cancellation);
        host.ExitCode.ShouldBe(0, host.Output);

        standalone.Start();
        JsonElement study = await standalone.UntilAsync("/v1/studies/probed", _ => true);
        JsonElement replay = await standalone.UntilAsync("/v1/studies/probed/replay", _ => true);

        JsonElement probe = study.GetProperty("probe");
        double[] scores = [.. probe.GetProperty("scores").EnumerateArray().Select(s => s.GetProperty("value").GetDouble())];
        (scores.Length, scores[3] > scores[0] + 0.1).ShouldBe((4, true), probe.GetRawText());
        (probe.GetProperty("examples").GetInt32(), probe.GetProperty("held_out").GetInt32()).ShouldBe((500, 500));
        probe.GetProperty("separates_at").GetInt32().ShouldBeInRange(2, 4);
        probe.GetProperty("proposed_frozen_blocks").GetProperty("max").GetInt32().ShouldBe(4);
        replay.GetProperty("matches").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Study_OverS3_GoesOnFromItServesItsModelAndLeavesNothingElse()
    {
        await using FakeS3 s3 = await FakeS3.StartAsync(TimeProvider.System);
        await using StandaloneProcess standalone = new();
        foreach ((string name, string value) in new[] { ("Store", "S3"), ("S3__ServiceUrl", s3.Url), ("S3__Bucket", FakeS3.Bucket), ("S3__PathStyle", "true"), ("S3__AccessKey", FakeS3.AccessKey), ("S3__SecretKey", FakeS3.SecretKey), ("S3__CacheFolder", Path.Combine(standalone.Data, "copies")) })
        {
            standalone.Settings[$"Artifacts__{name}"] = value;
        }

        standalone.Start("--study", standalone.Write("""
            {"name":"s3","model":"convnet","dataset":"fashion-mnist-sample","algorithm":{"name":"successive_halving","max_epochs":3},"max_trials":3,"seed":1}
            """));
        JsonElement study = await standalone.UntilAsync("/v1/studies/s3", s => s.GetProperty("state").GetString() is "completed" or "failed");
        JsonElement trials = await standalone.UntilAsync("/v1/studies/s3/trials", _ => true);
        byte[] model = await standalone.Http.GetByteArrayAsync("/v1/studies/s3/best/model", Cancellation);

        study.GetProperty("state").GetString().ShouldBe("completed", study.GetRawText());
        study.GetProperty("test").GetProperty("examples").GetInt32().ShouldBe(1000);
        trials.GetProperty("items").EnumerateArray().Count(t => t.GetProperty("epochs").GetInt32() == 3).ShouldBe(2, "the winner and the baseline");
        using ZipArchive zip = new(new MemoryStream(model));
        zip.GetEntry("model.safetensors").ShouldNotBeNull().Length.ShouldBeGreaterThan(0);
        string kept = $"studies/{study.GetProperty("id").GetString()}/trials/{study.GetProperty("best").GetProperty("number").GetInt32()}/";
        await standalone.UntilAsync("/v1/studies/s3", _ => s3.Names.All(n => n.StartsWith(kept, StringComparison.Ordinal)));
        s3.Names.ShouldNotBeEmpty();
        Directory.Exists(Path.Combine(standalone.Data, "artifacts", "studies")).ShouldBeFalse();

        (await standalone.Http.DeleteAsync("/v1/studies/s3", Cancellation)).EnsureSuccessStatusCode();
        await standalone.UntilAsync("/v1/studies", _ => s3.Names.Length == 0);
    }

    [Fact]
    public async Task DamagedDataset_EndsTheStudyFailedWithTheFileNamed()
    {
        await using StandaloneProcess standalone = new();
        string data = Directory.CreateDirectory(Path.Combine(standalone.Data, "damaged")).FullName;
        foreach (string file in new[] { "train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1" })
        {
            File.WriteAllText(Path.Combine(data, $"{file}-ubyte.gz"), "not gzip");
        }

        string catalog = Path.Combine(standalone.Data, "catalog.json");
        File.WriteAllText(catalog, $$"""{"datasets":[{"name":"damaged","location":"{{data}}","format":"idx","classes":10}]}""");
        HostProcess host = HostProcess.Start(
            "HyperSearch.Standalone",
            new Dictionary<string, string> { ["Catalog__File"] = catalog },
            "--data", standalone.Data, "--urls", standalone.Url, "--exit", "--study", standalone.Write(
                """
                {"name":"damaged","model":"convnet","dataset":"damaged","algorithm":"random","max_trials":8,"max_failed_trials":2,"seed":1}
                """));
        await using (host)
        {
            await host.WaitForExitAsync(Cancellation);
            host.ExitCode.ShouldBe(1, host.Output);
            host.Output.ShouldContain("failed, max_failed_trials");
        }

        standalone.Start();
        JsonElement trials = await standalone.UntilAsync("/v1/studies/damaged/trials?state=failed", _ => true);
        JsonElement[] failed = [.. trials.GetProperty("items").EnumerateArray()];
        failed.Length.ShouldBeGreaterThanOrEqualTo(3);
        failed.ShouldAllBe(t => t.GetProperty("error").GetProperty("kind").GetString() == "dataset_error");
        failed.ShouldAllBe(t => t.GetProperty("error").GetProperty("message").GetString()!.Contains(Path.Combine(data, "train-")));
    }

    [Theory]
    [InlineData("--slots", "0")]
    [InlineData("--urls", "nonsense")]
    [InlineData("--study", "/no/such/file.json")]
    public async Task WrongOption_IsNamed(string option, string value)
    {
        await using StandaloneProcess standalone = new();
        HostProcess host = HostProcess.Start("HyperSearch.Standalone", new Dictionary<string, string>(), "--data", standalone.Data, option, value);
        await using (host)
        {
            await host.WaitForExitAsync(Cancellation);
            host.ExitCode.ShouldNotBe(0);
            host.Output.ShouldContain(option);
        }
    }
}
