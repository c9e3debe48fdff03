namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>Two loops that are measured against each other.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Optimizer">PyTorch's.</param>
/// <param name="Ours">Our loop, by steps.</param>
/// <param name="Target">Ratio of speeds that is promised; null for none.</param>
internal sealed record Comparison(string Name, string Optimizer, Func<int, TimedLoss> Ours, double? Target)
{
    private const int MostReruns = 3;
    private const double QuietCores = 0.1;

    /// <summary>Measures pairs, each side first in turn.</summary>
    /// <param name="python">PyTorch, loaded with the same model.</param>
    /// <param name="steps">Steps of a repetition.</param>
    /// <param name="pairs">Number of pairs.</param>
    public IReadOnlyList<Pair> Measure(PyTorchProcess python, int steps, int pairs) =>
        [.. Enumerable.Range(0, pairs).Select(i => Quiet(python, steps, pytorchFirst: i % 2 == 0))];

    // Again while others use the processors; what is never quiet stays marked.
    private Pair Quiet(PyTorchProcess python, int steps, bool pytorchFirst)
    {
        Pair pair = Once(python, steps, pytorchFirst);
        for (int rerun = 0; pair.Disturbed && rerun < MostReruns; rerun++)
        {
            pair = Once(python, steps, pytorchFirst);
        }

        return pair;
    }

    private Pair Once(PyTorchProcess python, int steps, bool pytorchFirst)
    {
        OtherLoad others = new(TimeProvider.System, python.Id);
        double first = pytorchFirst ? python.Run(steps, Optimizer).Seconds : Ours(steps).Seconds;
        double second = pytorchFirst ? Ours(steps).Seconds : python.Run(steps, Optimizer).Seconds;
        bool disturbed = others.Cores > QuietCores;
        return pytorchFirst ? new(first, second, disturbed) : new(second, first, disturbed);
    }

    /// <summary>Seconds of both sides for the same steps.</summary>
    /// <param name="PyTorch">PyTorch's.</param>
    /// <param name="Ours">Ours.</param>
    /// <param name="Disturbed">Whether other processes used more than a tenth of a core meanwhile.</param>
    internal sealed record Pair(double PyTorch, double Ours, bool Disturbed);
}
