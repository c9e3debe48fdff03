namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>Two loops that are measured against each other.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Optimizer">PyTorch's.</param>
/// <param name="Ours">Our loop, by steps.</param>
/// <param name="Target">Ratio of speeds that is promised; null for none.</param>
internal sealed record Comparison(string Name, string Optimizer, Func<int, TimedLoss> Ours, double? Target)
{
    private const double QuietCores = 0.1;

    /// <summary>Measures pairs, each side first in turn. What is disturbed by others is measured again, that many times in all.</summary>
    /// <param name="python">PyTorch, loaded with the same model.</param>
    /// <param name="steps">Steps of a repetition.</param>
    /// <param name="pairs">Number of pairs.</param>
    public IReadOnlyList<Pair> Measure(PyTorchProcess python, int steps, int pairs)
    {
        List<Pair> measured = [];
        for (int reruns = pairs; measured.Count < pairs;)
        {
            Pair pair = Once(python, steps, pytorchFirst: measured.Count % 2 == 0);
            if (pair.Disturbed && reruns > 0)
            {
                reruns--;
            }
            else
            {
                measured.Add(pair);
            }
        }

        return measured;
    }

    private Pair Once(PyTorchProcess python, int steps, bool pytorchFirst)
    {
        OtherLoad others = new(TimeProvider.System, python.Id);
        TimedLoss first = pytorchFirst ? python.Run(steps, Optimizer) : Ours(steps);
        TimedLoss second = pytorchFirst ? Ours(steps) : python.Run(steps, Optimizer);
        bool disturbed = others.Cores > QuietCores;
        return pytorchFirst ? new(first, second, disturbed) : new(second, first, disturbed);
    }

    /// <summary>Both sides for the same steps.</summary>
    /// <param name="PyTorch">PyTorch's.</param>
    /// <param name="Ours">Ours.</param>
    /// <param name="Disturbed">Whether other processes used more than a tenth of a core meanwhile.</param>
    internal sealed record Pair(TimedLoss PyTorch, TimedLoss Ours, bool Disturbed);
}
