namespace HyperSearch.Benchmarks;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["throughput", .. var rest]:
                await StudyThroughput.RunAsync(rest is [var trials, ..] ? int.Parse(trials, System.Globalization.CultureInfo.InvariantCulture) : 1000);
                return 0;
            case ["demo", .. var rest]:
                await DemoCost.RunAsync(rest is [var times, ..] ? int.Parse(times, System.Globalization.CultureInfo.InvariantCulture) : 3);
                return 0;
            default:
                Console.Error.WriteLine("""
                    HyperSearch.Benchmarks throughput [trials]   trials per second of a synthetic study, embedded and distributed
                    HyperSearch.Benchmarks demo [runs]           time and peak memory of the demo, seeds 1..runs
                    Distributed figures need HYPERSEARCH_TEST_POSTGRES and HYPERSEARCH_TEST_RABBITMQ, as tests/Servers/start gives them.
                    """);
                return 2;
        }
    }
}
