using System.Globalization;
using System.Text.Json.Nodes;
using HyperSearch.Training;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>
/// Steps per second against PyTorch: plain loop against plain loop, and the step that trials make against PyTorch's fastest
/// eager optimizer. Both sides train the same net from the same weights on the same batches, and must come to the same loss.
/// </summary>
internal static class PyTorchComparison
{
    private const int LossSteps = 50;
    private const double LossTolerance = 1e-4;
    private const double PlainTarget = 1.0;
    private const double FusedTarget = 1.5;

    /// <summary>Prints the table. False when the losses differ, or when PyTorch here has no BLAS that a comparison could be fair with.</summary>
    /// <param name="pairs">Pairs of each comparison.</param>
    /// <param name="names">Models; all when empty.</param>
    public static bool Run(int pairs, IReadOnlyList<string> names)
    {
        ComparedModel[] models = [.. ComparedModel.All.Where(m => names is [] || names.Contains(m.Name))];
        bool agree = true;
        foreach (int threads in new[] { 1, 2 })
        {
            using PyTorchProcess python = new(threads);
            if (!Describe(python, threads))
            {
                return false;
            }

            torch.set_num_threads(threads);
            Console.WriteLine("| model | loop | PyTorch's AdamW | PyTorch steps/s | ours steps/s | ratio | 95 % interval | of processor time | target | holds | disturbed |");
            Console.WriteLine("|---|---|---|---:|---:|---:|---|---:|---:|---|---:|");
            foreach (ComparedModel model in models)
            {
                agree &= Compare(python, model, pairs);
            }
        }

        return agree;
    }

    private static bool Describe(PyTorchProcess python, int threads)
    {
        JsonNode versions = python.Versions, blas = versions["blas"]!;
        string libraries = $"PyTorch {versions["pytorch"]} on Python {versions["python"]}, BLAS {blas["path"]} {blas["description"]}";
        if (!blas["optimized"]!.GetValue<bool>())
        {
            Console.Error.WriteLine($"REFUSED: {libraries} is the reference BLAS. It makes PyTorch 8 to 20 times slower, a ratio would say nothing. Install libopenblas0-pthread.");
            return false;
        }

        Console.WriteLine($"\n{threads} thread{(threads > 1 ? "s" : "")} on {TorchRuntime.Cpu}: TorchSharp {typeof(torch).Assembly.GetName().Version}, libtorch {TorchRuntime.Version}; {libraries}\n");
        return true;
    }

    private static bool Compare(PyTorchProcess python, ComparedModel model, int pairs)
    {
        using TorchSharpLoop ours = new(model);
        string fastest = Load(python, model, ours);
        Comparison[] comparisons =
        [
            new("plain", "plain", ours.Plain, PlainTarget),
            new("fused against fastest", fastest, ours.Fused, model.OverheadCounts ? FusedTarget : null),
        ];
        double[] losses = [.. comparisons.SelectMany(c => new[] { python.Run(LossSteps, c.Optimizer).Loss, c.Ours(LossSteps).Loss })];
        bool agree = losses.Max() - losses.Min() <= LossTolerance;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{model.Name}: losses after {LossSteps} steps, PyTorch and ours in turn: {string.Join(", ", losses.Select(l => l.ToString("F6", CultureInfo.InvariantCulture)))}{(agree ? "" : "  THEY DIFFER")}"));
        foreach (Comparison comparison in comparisons)
        {
            Print(model, comparison, comparison.Measure(python, model.Steps, pairs));
        }

        return agree;
    }

    /// <summary>Gives PyTorch the weights and batches; returns its fastest optimizer for them.</summary>
    private static string Load(PyTorchProcess python, ComparedModel model, TorchSharpLoop ours)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hypersearch-bench-");
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            SafetensorsWriter.Write(Path.Combine(folder.FullName, "weights.safetensors"), ours.Weights);
            SafetensorsWriter.Write(Path.Combine(folder.FullName, "batches.safetensors"), ours.Batches.SelectMany((b, i) => new[]
            {
                KeyValuePair.Create($"inputs.{i}", b.Inputs.to(torch.ScalarType.Float32)),
                KeyValuePair.Create($"labels.{i}", b.Labels.to(torch.ScalarType.Float32)),
            }));
            JsonNode answer = python.Ask("load", new()
            {
                ["model"] = model.Name,
                ["sizes"] = model.Sizes.DeepClone(),
                ["folder"] = folder.FullName,
                ["rate"] = model.Rate,
                ["decay"] = TorchSharpLoop.WeightDecay,
                ["warm"] = TorchSharpLoop.WarmSteps,
            });
            string[] optimizers = [.. answer["optimizers"]!.AsArray().Select(o => o!.GetValue<string>())];
            return optimizers.MinBy(o => Enumerable.Range(0, 2).Min(_ => python.Run(model.Steps, o).Seconds))!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(ComparedModel model, Comparison comparison, IReadOnlyList<Comparison.Pair> pairs)
    {
        double[] ratios = [.. pairs.Select(p => p.PyTorch.Seconds / p.Ours.Seconds)];
        (double low, double high) = Statistics.MedianInterval(ratios);
        int disturbed = pairs.Count(p => p.Disturbed);
        string holds = comparison.Target is not { } target ? "" : disturbed > 0 ? "disturbed" : low >= target ? "yes" : "no";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {model.Name} | {comparison.Name} | {comparison.Optimizer} | {model.Steps / Statistics.Median(pairs.Select(p => p.PyTorch.Seconds)):G4} | {model.Steps / Statistics.Median(pairs.Select(p => p.Ours.Seconds)):G4} | {Statistics.Median(ratios):0.00} | {low:0.00} to {high:0.00} | {Statistics.Median(pairs.Select(p => p.PyTorch.Processor / p.Ours.Processor)):0.00} | {comparison.Target:0.0} | {holds} | {disturbed} of {pairs.Count} |"));
    }
}
