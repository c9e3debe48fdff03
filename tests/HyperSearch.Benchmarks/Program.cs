using HyperSearch.Benchmarks.AgainstPyTorch;
using HyperSearch.Benchmarks.Input;
using HyperSearch.Benchmarks.Pretraining;

namespace HyperSearch.Benchmarks;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["throughput", .. var rest]:
                await StudyThroughput.RunAsync(Number(rest, 1000));
                return 0;
            case ["demo", .. var rest]:
                await DemoCost.RunAsync(Number(rest, 3));
                return 0;
            case ["frozen-study", .. var rest]:
                await DemoCost.RunFrozenAsync(Number(rest, 3));
                return 0;
            case ["recovery", .. var rest]:
                await Recovery.RunAsync(Number(rest, 20));
                return 0;
            case ["decisions", .. var rest]:
                Decisions.Run(Number(rest, 100_000), rounds: 5, [.. rest.Skip(1)]);
                return 0;
            case ["simulation", .. var rest]:
                SimulationCost.Run(Number(rest, 7), [.. rest.Skip(1)]);
                return 0;
            case ["database-decisions", .. var rest]:
                await DatabaseDecisions.RunAsync(Number(rest, 100_000), [.. rest.Skip(1)]);
                return 0;
            case ["curves", var file, .. var rest]:
                LearningCurves.Run(file, Number(rest, 400));
                return 0;
            case ["prefix", .. var rest]:
                PrefixSavings.Run(Number(rest, 7));
                return 0;
            case ["pytorch", .. var rest]:
                return PyTorchComparison.Run(Number(rest, 15), [.. rest.Skip(1)]) ? 0 : 1;
            case ["steps", .. var rest]:
                return StepCost.Run(Number(rest, 10_000), [.. rest.Skip(1)]) ? 0 : 1;
            case ["slots", .. var rest]:
                await SlotThroughput.RunAsync(Number(rest, 3), Number(rest is [_, .. var trials] ? trials : [], 8));
                return 0;
            case ["quality", .. var rest]:
                SearchQuality.Run(Number(rest, 100), Number(rest is [_, .. var more] ? more : [], 40));
                return 0;
            case ["input", var folder, .. var rest]:
                new InputPipeline(Console.WriteLine).Run(folder, Number(rest, 10_000));
                return 0;
            case ["pretrain-text", var folder, var target, .. var rest]:
                new TextPretraining(
                    new() { Time = TimeSpan.FromMinutes(Number(rest, 10)), Threads = Number(rest is [_, .. var threads] ? threads : [], 1) },
                    TimeProvider.System, Console.WriteLine).Run(folder, target);
                return 0;
            default:
                Console.Error.WriteLine("""
                    HyperSearch.Benchmarks throughput [trials]   trials per second of a synthetic study, embedded and distributed
                    HyperSearch.Benchmarks demo [runs]           time and peak memory of the demo, seeds 1..runs
                    HyperSearch.Benchmarks frozen-study [pairs]  the demo over all depths of freezing, with and without keeping their output
                    HyperSearch.Benchmarks recovery [kills]      from the kill of a worker to its trial's next assignment
                    HyperSearch.Benchmarks decisions [most [algorithm...]]
                                                                 decisions of Core alone, of studies of 100 to most trials
                    HyperSearch.Benchmarks simulation [rounds [algorithm...]]
                                                                 a simulated study's trial, of 10,000 and of 500
                    HyperSearch.Benchmarks database-decisions [many [algorithm...]]
                                                                 a decision through the database with 100 and with many ended trials, and its query plans
                    HyperSearch.Benchmarks curves FILE [count]   trains configurations on the sample dataset, a line of CSV each; goes on where it ended
                    HyperSearch.Benchmarks prefix [rounds]       what keeping the output of frozen blocks saves on the sample dataset
                    HyperSearch.Benchmarks pytorch [pairs [model...]]
                                                                 steps per second against Debian's PyTorch, with 1 and 2 threads
                    HyperSearch.Benchmarks steps [count [model...]]
                                                                 managed bytes of a training step, and whether memory grows over many
                    HyperSearch.Benchmarks slots [rounds [trials]]
                                                                 epochs per second with 1, 2 and 4 slots of 1 and 2 threads
                    HyperSearch.Benchmarks quality [seeds] [n]   what the algorithms find with the epochs of n full trainings, in simulated studies
                    HyperSearch.Benchmarks input FOLDER [images] decodes an image folder made of an IDX dataset, and how long a training waits for it
                    HyperSearch.Benchmarks pretrain-text FOLDER OUT [minutes [threads]]
                                                                 pretrains a small BERT on FOLDER/unlabelled.jsonl; 0 minutes writes it as it is drawn
                    Distributed figures need HYPERSEARCH_TEST_POSTGRES and HYPERSEARCH_TEST_RABBITMQ, as tests/Servers/start gives them.
                    """);
                return 2;
        }
    }

    private static int Number(string[] rest, int otherwise) =>
        rest is [var text, ..] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
}
