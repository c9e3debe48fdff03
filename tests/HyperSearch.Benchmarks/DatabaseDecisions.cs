using System.Globalization;

namespace HyperSearch.Benchmarks;

/// <summary>
/// A decision through the database: one offer and one batch with the events of its segment, by the code of the service, in a
/// study with few ended trials and in one with many. Blocks of both follow each other; a ratio is of their medians.
/// </summary>
internal static class DatabaseDecisions
{
    private const int Few = 100;
    private const int Blocks = 8;
    private const int DecisionsPerBlock = 25;
    private const int Room = 2_000;

    private static readonly string[] Studies = ["random", "asha", "median", "tpe"];

    public static async Task RunAsync(int many, IReadOnlyList<string> names)
    {
        string?[] servers = Environment.GetEnvironmentVariable("HYPERSEARCH_TEST_POSTGRES") is { Length: > 0 } postgres ? [null, postgres] : [null];
        foreach (string? server in servers)
        {
            Console.WriteLine("database  study         ended |  offer ms  events ms  CPU ms  commands | ratio: offer  events  CPU");
            foreach (string name in names is [] ? Studies : names)
            {
                await CompareAsync(server, name, many);
            }
        }
    }

    private static async Task CompareAsync(string? server, string name, int many)
    {
        await using OpenedStudy few = await OpenedStudy.CreateAsync(server, name, Few, Room);
        await using OpenedStudy large = await OpenedStudy.CreateAsync(server, name, many, Room);
        await few.DecideAsync(DecisionsPerBlock);
        await large.DecideAsync(DecisionsPerBlock);
        List<DatabaseCost> small = [];
        List<DatabaseCost> big = [];
        for (int block = 0; block < Blocks; block++)
        {
            small.Add(await few.DecideAsync(DecisionsPerBlock));
            big.Add(await large.DecideAsync(DecisionsPerBlock));
        }

        Print(server, name, Few, small, small);
        Print(server, name, many, big, small);
        await large.AskImportanceAsync();
        double importance = await large.AskImportanceAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    importance of {many} trials: {importance:0} ms"));
        await large.PrintPlansAsync();
    }

    private static void Print(string? server, string name, int ended, List<DatabaseCost> costs, List<DatabaseCost> first)
    {
        double Middle(List<DatabaseCost> of, Func<DatabaseCost, double> number) => Statistics.Median(of.Select(number));
        double Ratio(Func<DatabaseCost, double> number) => Middle(costs, number) / Middle(first, number);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(server is null ? "sqlite" : "postgres"),-9} {name,-10} {ended,8} | {Middle(costs, c => c.OfferMs),9:0.00} {Middle(costs, c => c.EventsMs),10:0.00} {Middle(costs, c => c.CpuMs),7:0.00} {Middle(costs, c => c.Commands),9:0.0} | {Ratio(c => c.OfferMs),12:0.00} {Ratio(c => c.EventsMs),7:0.00} {Ratio(c => c.CpuMs),4:0.00}"));
    }
}
