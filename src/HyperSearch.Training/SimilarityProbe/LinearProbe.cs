using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HyperSearch.Training.Metrics;
using TorchSharp;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>
/// Fits a linear classifier on the features of some examples and predicts others. Features are standardised by the
/// examples that it is fitted on, so that one penalty means the same at every depth. The penalty is the one of a fixed grid
/// with the lowest cross-entropy on a part of the fitted examples that was set aside; with nothing set aside 0.01.
/// </summary>
/// <param name="classes">Number of classes.</param>
/// <param name="labels">Class of every example.</param>
/// <param name="fitted">Places of the examples that it is fitted on.</param>
/// <param name="heldOut">Places of the examples that are predicted.</param>
/// <param name="first">Of the fitted ones, those that penalties are tried on.</param>
/// <param name="chosenOn">Of the fitted ones, those that choose the penalty.</param>
/// <param name="alive">Called often: a sign of life; may throw to end it.</param>
internal sealed class LinearProbe(int classes, long[] labels, long[] fitted, long[] heldOut, long[] first, long[] chosenOn, Action alive)
{
    // From strong to weak, so that each fit begins near its end.
    private static readonly ImmutableArray<double> Penalties = [1, 0.1, 0.01, 1e-3, 1e-4];
    private const double UsualPenalty = 0.01;

    // Below this a feature is constant but for rounding.
    private const double SmallestDeviation = 1e-6;

    /// <summary>Predictions for the held-out examples.</summary>
    /// <param name="features">Features as float32 [n, width].</param>
    public Scores Score(torch.Tensor features)
    {
        using IDisposable noGrad = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        double penalty = chosenOn.Length == 0 || first.Length == 0 ? UsualPenalty : Choose(features);
        (torch.Tensor known, torch.Tensor asked) = Standardize(features, fitted, heldOut);
        torch.Tensor weights = Regression(known, fitted).Fit(penalty, null);
        long[] predictions = MemoryMarshal.Cast<byte, long>(asked.mm(weights).argmax(1).contiguous().bytes).ToArray();
        return new(classes, [.. heldOut.Select(i => labels[i])], predictions, [], []);
    }

    private double Choose(torch.Tensor features)
    {
        (torch.Tensor known, torch.Tensor asked) = Standardize(features, first, chosenOn);
        MultinomialRegression regression = Regression(known, first), judge = Regression(asked, chosenOn);
        torch.Tensor? weights = null;
        (double Penalty, double Loss) best = (UsualPenalty, double.PositiveInfinity);
        foreach (double penalty in Penalties)
        {
            weights = regression.Fit(penalty, weights);
            double loss = judge.Loss(weights);
            best = loss < best.Loss ? (penalty, loss) : best;
        }

        return best.Penalty;
    }

    private MultinomialRegression Regression(torch.Tensor features, long[] rows) => new(features, torch.tensor([.. rows.Select(i => labels[i])]), classes, alive);

    /// <summary>Features as float64 [n, width + 1], of mean 0 and deviation 1 over the first rows; the last column is one.</summary>
    private static (torch.Tensor Known, torch.Tensor Asked) Standardize(torch.Tensor features, long[] known, long[] asked)
    {
        torch.Tensor of = Rows(features, known);
        torch.Tensor mean = of.mean([0]), deviation = of.std(0, unbiased: false);
        torch.Tensor scale = torch.where(deviation > SmallestDeviation, deviation, torch.ones_like(deviation));
        return (Scaled(of), Scaled(Rows(features, asked)));

        torch.Tensor Scaled(torch.Tensor rows) => torch.cat([(rows - mean) / scale, torch.ones(rows.shape[0], 1, torch.ScalarType.Float64)], 1);
    }

    private static torch.Tensor Rows(torch.Tensor features, long[] rows) => features.index_select(0, torch.tensor(rows)).to(torch.ScalarType.Float64);
}
