using System.Collections.Immutable;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>Mean and standard deviation of each channel, pixels from 0 to 1; for models from scratch.</summary>
internal static class PixelStatistics
{
    private const int Most = 2_000;

    /// <summary>Statistics over the split's first 2,000 examples, rounded to four digits.</summary>
    public static (ImmutableArray<double> Mean, ImmutableArray<double> Std) Of(ExampleSplit split)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor rows = torch.tensor(split.CopyIndices().AsSpan(0, Math.Min(split.Count, Most)).ToArray());
        torch.Tensor pixels = split.Inputs.index_select(0, rows).to_type(torch.ScalarType.Float64).div_(255);
        torch.Tensor mean = pixels.mean([0, 2, 3]);
        torch.Tensor centred = pixels.sub_(mean.view(1, -1, 1, 1));
        torch.Tensor std = centred.pow_(2).mean([0, 2, 3]).sqrt();
        return (Rounded(mean, 0), Rounded(std, 1e-3));
    }

    private static ImmutableArray<double> Rounded(torch.Tensor values, double least) =>
        [.. values.data<double>().Select(v => Math.Max(least, Math.Round(v, 4)))];
}
