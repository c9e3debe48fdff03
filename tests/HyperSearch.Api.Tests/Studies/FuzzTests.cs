using System.Globalization;
using System.Text;

namespace HyperSearch.Api.Tests.Studies;

/// <summary>Seeded nonsense on every route that takes something: never a 500.</summary>
public sealed class FuzzTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const int Requests = 400;
    private static readonly string[] fields =
    [
        "name", "model", "dataset", "objective", "algorithm", "search_space", "max_trials", "max_parallel", "max_epochs_total", "max_duration_s",
        "target", "seed", "seed_mode", "baseline", "labels", "notes", "pool", "priority", "keep_top", "probe", "confirm", "nonsense",
    ];

    private static readonly string[] changes = ["notes", "labels", "max_trials", "max_parallel", "priority"];

    private static readonly string[] values =
    [
        "null", "true", "\"\"", "\"synthetic\"", "\"grid\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"st_x\"", "\"\u00e9\ud83d\ude00\"", "-0.0", "1e999", "-1e999", "1e-400",
        "9223372036854775808", "123456789012345678901234567890", "0.1", "[]", "{}", "[[[[[]]]]]", "{\"a\": {\"b\": [1, null]}}", "[1, 1]", "{\"min\": 2, \"max\": 1}",
        "{\"min\": 0, \"max\": 1e308, \"scale\": \"log\", \"step\": -1, \"count\": 0}", "{\"family\": \"synthetic\", \"noise\": 1e300}",
        "{\"name\": \"successive_halving\", \"max_epochs\": 1e18, \"reduction_factor\": 0}", "{\"learning_rate\": {\"values\": [\"a\", 1e999]}}",
        "{\"batch_size\": {\"min\": 1, \"max\": 4096}, \"epochs\": {\"min\": 1, \"max\": 10000}}", "{\"metric\": \"val_loss\", \"goal\": 3}", "{\"learning_rate\": 1e-3, \"epochs\": 1e999}", "{\"dropout\": 0.1, \"lr_schedule\": \"step\"}", "{\"a\": null, \"b\": \"\"}", "7",
    ];

    private static readonly string[] paths =
    [
        "/v1/studies/{0}", "/v1/studies/{0}/leaderboard", "/v1/studies/{0}/trials", "/v1/studies/{0}/trials/{0}/reports", "/v1/studies/{0}/plan", "/v1/studies/{0}/importance", "/v1/studies/{0}/replay", "/v1/workers/{0}",
        "/v1/studies?limit={0}", "/v1/studies?state={0}", "/v1/studies?q={0}", "/v1/studies?label={0}", "/v1/studies?label=a:{0}", "/v1/studies?cursor={0}", "/v1/studies?{0}=1", "/v1/workers?pool={0}",
    ];

    private readonly TestApi api = fixture.Api;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_SeededNonsense_IsNeverA500()
    {
        Random random = new(20261124);
        Dictionary<int, int> statuses = [];
        for (int i = 0; i < Requests; i++)
        {
            byte[] body = Body(random, random.Next(3) == 0 ? "{" : "{\"name\": \"fuzz\", \"model\": \"synthetic\", ", fields);
            ByteArrayContent content = new(body);
            content.Headers.ContentType = new("application/json");
            using HttpResponseMessage answer = await api.Http.PostAsync("/v1/studies?validate_only=" + (random.Next(2) == 0 ? "true" : "false"), content, Cancellation);
            ((int)answer.StatusCode).ShouldBeOneOf([200, 201, 400, 409, 413, 422], Encoding.UTF8.GetString(body));
            statuses[(int)answer.StatusCode] = statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
        }

        statuses.GetValueOrDefault(422).ShouldBeGreaterThan(Requests / 4);
        statuses.GetValueOrDefault(400).ShouldBeGreaterThan(Requests / 20);
        api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Change_SeededNonsense_IsNeverA500()
    {
        string id = await api.NewStudyAsync(Bodies.Synthetic());
        Random random = new(815);
        HashSet<int> statuses = [];
        for (int i = 0; i < Requests; i++)
        {
            bool patch = random.Next(2) == 0;
            byte[] body = Body(random, "{", patch ? changes : ["parameters"]);
            ByteArrayContent content = new(body);
            content.Headers.ContentType = new("application/json");
            HttpRequestMessage request = patch
                ? new(HttpMethod.Patch, $"/v1/studies/{id}") { Content = content }
                : new(HttpMethod.Post, $"/v1/studies/{id}/trials") { Content = content };
            request.Headers.TryAddWithoutValidation("If-Match", random.Next(4) == 0 ? $"\"v{random.Next(3)}.{random.Next(99)}\", x" : "*");
            using HttpResponseMessage answer = await api.Http.SendAsync(request, Cancellation);
            ((int)answer.StatusCode).ShouldBeOneOf([200, 201, 400, 412, 422], Encoding.UTF8.GetString(body));
            statuses.Add((int)answer.StatusCode);
        }

        statuses.Order().ShouldBe([200, 201, 400, 412, 422]);
        api.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_SeededNonsense_IsNeverA500()
    {
        Random random = new(4711);
        for (int i = 0; i < Requests / 2; i++)
        {
            string path = string.Format(CultureInfo.InvariantCulture, paths[random.Next(paths.Length)], Escape(Text(random)));
            using HttpResponseMessage answer = await api.Http.GetAsync(path, Cancellation);
            ((int)answer.StatusCode).ShouldBeOneOf([200, 400, 404, 422], path);
        }

        api.Errors.ShouldBeEmpty();
    }

    private static byte[] Body(Random random, string start, string[] names)
    {
        StringBuilder text = new(start);
        int count = random.Next(1, 5);
        for (int i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append('"').Append(names[random.Next(names.Length)]).Append("\": ").Append(values[random.Next(values.Length)]);
        }

        byte[] body = Encoding.UTF8.GetBytes(text.Append('}').ToString());
        switch (random.Next(6))
        {
            case 0:
                body[random.Next(body.Length)] = (byte)random.Next(256);
                return body;
            case 1:
                return body[..random.Next(body.Length)];
            case 2:
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":[", random.Next(20, 200))));
            default:
                return body;
        }
    }

    private static string Text(Random random) => random.Next(6) switch
    {
        0 => "\u0001\u007f\ufffd",
        1 => "-1",
        2 => new string('9', random.Next(1, 40)),
        3 => Convert.ToBase64String(BitConverter.GetBytes(random.NextInt64())),
        4 => "eyJTY29wZSI6Im4iLCJQb3NpdGlvbiI6e319",
        _ => string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)random.Next(0x20, 0x2FF))),
    };

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
