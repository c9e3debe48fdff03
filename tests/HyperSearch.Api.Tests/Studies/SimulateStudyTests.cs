using System.Net;
using System.Text.Json;
using HyperSearch.Api.Persistence;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Studies;

public sealed class SimulateStudyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Simulate_Halving_TellsWhatItComesToAndStoresNothing()
    {
        int before = await CountAsync();
        JsonElement result = await api.CreateAsync(Bodies.Halving(81, 27, "\"baseline\": false"), "?simulate=true&workers=9&seeds=5", key: "simulated")
            .ShouldAnswerAsync(HttpStatusCode.OK);

        (result.Int("workers"), result.Int("seed"), result.Int("seeds"), result.Int("epoch_seconds")).ShouldBe((9, 1, 5, 1));
        Figure(result, "epochs_executed").ShouldBe((5, 243, 0));
        Figure(result, "wall_seconds").ShouldBe((5, 39, 0));
        Figure(result, "device_seconds").ShouldBe((5, 243, 0));
        Figure(result, "value").ShouldBe(Figure(result, "true_value"));
        JsonElement trials = result.GetProperty("trials");
        Figure(trials, "completed").ShouldBe((5, 3, 0));
        Figure(trials, "pruned").ShouldBe((5, 78, 0));
        Figure(trials, "failed").ShouldBe((5, 0, 0));
        Figure(trials, "cancelled").ShouldBe((5, 0, 0));
        result.GetProperty("stop_reasons").EnumerateObject().Select(r => (r.Name, r.Value.GetInt32())).ShouldBe([("finished", 5)]);
        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Simulate_WithoutWinner_HasNoValue()
    {
        string body = $$"""{"name": "{{Bodies.NewName()}}", "model": {"family": "synthetic", "divergence_rate": 1}, "max_trials": 4, "baseline": false}""";
        JsonElement result = await api.CreateAsync(body, "?simulate=true&seeds=1").ShouldAnswerAsync(HttpStatusCode.OK);

        result.GetProperty("value").Int("n").ShouldBe(0);
        result.GetProperty("value").GetProperty("mean").ValueKind.ShouldBe(JsonValueKind.Null);
        result.GetProperty("epochs_executed").GetProperty("standard_error").ValueKind.ShouldBe(JsonValueKind.Null);
        result.Int("workers").ShouldBe(4);
        result.GetProperty("seed").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Simulate_EveryAlgorithm_Answers()
    {
        string[] algorithms =
        [
            "\"random\"", "\"sobol\"", "\"tpe\"", "\"grid\"", "\"one_at_a_time\"", "\"successive_halving\"", "\"asha\"", "\"hyperband\"",
            "{\"name\": \"random\", \"stopping\": \"median\"}", "{\"name\": \"asha\", \"sampler\": \"tpe\"}",
        ];
        foreach (string algorithm in algorithms)
        {
            string body = Bodies.Synthetic($"\"algorithm\": {algorithm}, \"search_space\": {{\"learning_rate\": {{\"min\": 1e-4, \"max\": 0.1, \"scale\": \"log\", \"count\": 9}}}}");
            JsonElement result = await api.CreateAsync(body, "?simulate=true&seeds=2").ShouldAnswerAsync(HttpStatusCode.OK);
            result.GetProperty("value").Int("n").ShouldBe(2, algorithm);
        }
    }

    [Fact]
    public async Task Simulate_OtherFamily_Is422()
    {
        JsonElement problem = await api.CreateAsync($$"""{"name": "{{Bodies.NewName()}}", "model": "convnet", "dataset": "fashion-mnist-sample"}""", "?simulate=true")
            .ShouldFailAsync(422, "validation");

        problem.Errors().ShouldBe(["/model not-accepted"]);
        problem.Text("detail").ShouldContain("synthetic");
    }

    [Theory]
    [InlineData("?simulate=true", "\"max_trials\": 3000", "?seeds out-of-range", "18 seeds or fewer, not 20")]
    [InlineData("?simulate=true&seeds=100", "\"max_trials\": 600", "?seeds out-of-range", "92 seeds or fewer, not 100")]
    [InlineData("?simulate=true&seeds=1", "\"max_trials\": 100000", "?simulate out-of-range", "fewer trials or epochs")]
    [InlineData("?simulate=true&workers=0", "", "?workers out-of-range", "1 to 1000")]
    [InlineData("?simulate=true&workers=1001", "", "?workers out-of-range", "1 to 1000")]
    [InlineData("?simulate=true&seeds=101", "", "?seeds out-of-range", "1 to 100")]
    [InlineData("?simulate=true&seeds=few", "", "?seeds wrong-type", "whole number")]
    [InlineData("?simulate=yes", "", "?simulate wrong-type", "true or false")]
    [InlineData("?simulate=true&validate_only=true", "", "?simulate not-accepted", "plan or for the simulation")]
    [InlineData("?workers=4", "", "?workers not-accepted", "simulate=true")]
    [InlineData("?validate_only=true&seeds=4", "", "?seeds not-accepted", "simulate=true")]
    [InlineData("?simulate=true", "\"max_trials\": 0", "/max_trials out-of-range", "")]
    public async Task Simulate_BadInput_Is422AndStoresNothing(string query, string fields, string error, string detail)
    {
        int before = await CountAsync();

        JsonElement problem = await api.CreateAsync(Bodies.Synthetic(fields), query).ShouldFailAsync(422, "validation");

        problem.Errors().ShouldBe([error]);
        problem.Text("detail").ShouldContain(detail);
        (await CountAsync()).ShouldBe(before);
    }

    private static (int N, double Mean, double StandardError) Figure(JsonElement result, string name)
    {
        JsonElement figure = result.GetProperty(name);
        return (figure.Int("n"), figure.GetProperty("mean").GetDouble(), figure.GetProperty("standard_error").GetDouble());
    }

    private async Task<int> CountAsync()
    {
        await using SearchDb db = api.Get<SearchDbs>().Read();
        return await db.Studies.CountAsync(Cancellation) + await db.IdempotencyKeys.CountAsync(Cancellation);
    }
}
