using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Importances;

/// <summary>
/// Importance of the searched parameters by PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023): the variance that one
/// parameter alone explains of "is among the best", which is, up to a factor common to all, the Pearson divergence
/// D(p || q) = integral of q (p / q - 1)^2 of its density p among the best trials from its density q among all trials
/// (their theorem 1). Only the order of the losses counts.
/// </summary>
/// <remarks>
/// <para>
/// q is the density of the trials, not of the space: where a sampler looked only at good values there is little left to
/// explain, and what is explained holds where it looked.
/// </para>
/// <para>
/// Ranges are counted on their scale in at most 100 cells and smoothed by a Gaussian kernel that is cut off at the ends;
/// choices and listed values are counted as they are. Both densities have the bandwidth of Scott's rule for the best trials,
/// 1.059 s k^(-1/5). As the best are among all, p / q then never exceeds n / k, no prior is needed, and a parameter that was
/// the same in all trials has no importance.
/// </para>
/// <para>
/// A parameter that is normalised away in some trials is compared among the others alone, and its divergence is weighed by
/// a^2 / b, where a is their share of the best and b of all trials (Baba, Ozaki and Watanabe, KDD 2026). Whether it is there
/// at all is what the parameter that decides over it explains, and is counted there.
/// </para>
/// </remarks>
public static class PedAnova
{
    /// <summary>The name of the method.</summary>
    public const string Name = "ped-anova";

    /// <summary>With fewer trials nothing is said.</summary>
    public const int FewestTrials = 20;

    /// <summary>With fewer trials the result is unstable.</summary>
    public const int FewestStableTrials = 50;

    private const int FewestBest = 5;

    // 1.96 standard deviations of the narrowest kernel stay in its own cell.
    private const double NarrowestKernel = 0.255;

    // Rounding makes as much of equal densities.
    private const double Negligible = 1e-9;

    /// <summary>The importance of every searched parameter.</summary>
    /// <param name="space">The space.</param>
    /// <param name="trials">Searched trials by number, each with its loss (smaller is better) at the lowest rung, or at its end without rungs; one that is not finite is left out.</param>
    /// <param name="rung">Index of that rung; null without rungs.</param>
    public static ImportanceResult Evaluate(SearchSpace space, IReadOnlyList<(ParameterSet Parameters, double Loss)> trials, int? rung)
    {
        double[] losses = [.. trials.Select(t => t.Loss).Where(double.IsFinite)];
        if (losses.Length < FewestTrials)
        {
            return new ImportanceResult.TooFew(rung, losses.Length);
        }

        int size = Math.Max(FewestBest, (losses.Length + 9) / 10);
        bool[] best = Best(trials, losses, size);
        double[] explained = [.. space.Domains.Select(d => Explained(d, trials, best))];
        double sum = explained.Sum();
        return new ImportanceResult.Known(rung, losses.Length, size,
        [
            .. space.Domains.Zip(explained, (d, e) => new ParameterImportance(d.Hyperparameter, sum > 0 ? e / sum : 0))
                .OrderByDescending(i => i.Importance)
                .ThenBy(i => i.Hyperparameter.Index),
        ]);
    }

    /// <summary>Marks the best trials; of equal losses the earlier trial is the better. Sorts the finite losses.</summary>
    private static bool[] Best(IReadOnlyList<(ParameterSet Parameters, double Loss)> trials, double[] losses, int size)
    {
        Array.Sort(losses);
        double worst = losses[size - 1];
        int ties = size - losses.AsSpan().IndexOf(worst);
        bool[] best = new bool[trials.Count];
        for (int i = 0; i < best.Length; i++)
        {
            double loss = trials[i].Loss;
            best[i] = double.IsFinite(loss) && (loss < worst || (loss == worst && ties-- > 0));
        }

        return best;
    }

    /// <summary>
    /// The variance that a parameter explains, times n: the sum over its cells of all * (best / all - k / n)^2, which is
    /// k^2 / n times the divergence; over the trials in which it has a meaning that is already weighed by a^2 / b.
    /// </summary>
    private static double Explained(ParameterDomain domain, IReadOnlyList<(ParameterSet Parameters, double Loss)> trials, bool[] best)
    {
        ImportanceAxis axis = ImportanceAxis.Of(domain);
        double[] top = new double[axis.Cells];
        double[] all = new double[axis.Cells];
        for (int i = 0; i < best.Length; i++)
        {
            (ParameterSet parameters, double loss) = trials[i];
            if (double.IsFinite(loss) && parameters[domain.Hyperparameter] is { } value)
            {
                int cell = axis.CellOf(value);
                all[cell]++;
                top[cell] += best[i] ? 1 : 0;
            }
        }

        double share = top.Sum() / all.Sum();
        if (axis is ImportanceAxis.Scale && share > 0)
        {
            double bandwidth = Bandwidth(top);
            (top, all) = (Smooth(top, bandwidth), Smooth(all, bandwidth));
        }

        double explained = top.Zip(all, (t, a) => a > 0 ? a * Math.Pow((t / a) - share, 2) : 0).Sum();
        return explained > Negligible ? explained : 0;
    }

    /// <summary>Scott's rule (Scott, 1992), in cells.</summary>
    private static double Bandwidth(double[] counts)
    {
        double n = counts.Sum();
        double mean = counts.Select((count, cell) => count * cell).Sum() / n;
        double squares = counts.Select((count, cell) => count * (cell - mean) * (cell - mean)).Sum();
        return Math.Max(NarrowestKernel, 1.059 * Math.Sqrt(squares / Math.Max(1, n - 1)) * Math.Pow(n, -0.2));
    }

    /// <summary>Spreads the count of every cell over the cells by a Gaussian kernel, without loss at the ends.</summary>
    private static double[] Smooth(double[] counts, double bandwidth)
    {
        double[] kernel = [.. Enumerable.Range(0, counts.Length).Select(d => Math.Exp(-d * d / (2 * bandwidth * bandwidth)))];
        double[] smooth = new double[counts.Length];
        for (int from = 0; from < counts.Length; from++)
        {
            if (counts[from] > 0)
            {
                double mass = Enumerable.Range(0, counts.Length).Sum(to => kernel[Math.Abs(to - from)]);
                for (int to = 0; to < counts.Length; to++)
                {
                    smooth[to] += counts[from] * kernel[Math.Abs(to - from)] / mass;
                }
            }
        }

        return smooth;
    }
}
