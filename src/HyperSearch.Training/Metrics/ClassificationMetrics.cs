using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace HyperSearch.Training.Metrics;

/// <summary>The metrics of a report, each from the scores of one split.</summary>
internal sealed class ClassificationMetrics
{
    private readonly Scores _scores;
    private readonly long[] _right;
    private readonly long[] _actual;
    private readonly long[] _predicted;

    public ClassificationMetrics(Scores scores)
    {
        _scores = scores;
        (_right, _actual, _predicted) = (new long[scores.Classes], new long[scores.Classes], new long[scores.Classes]);
        for (int i = 0; i < scores.Labels.Length; i++)
        {
            (long label, long prediction) = (scores.Labels[i], scores.Predictions[i]);
            _actual[label]++;
            _predicted[prediction]++;
            _right[label] += label == prediction ? 1 : 0;
        }
    }

    /// <summary>Mean cross-entropy.</summary>
    public double Loss => _scores.Losses.Average(l => (double)l);

    /// <summary>Share of right predictions.</summary>
    public double Accuracy => _right.Sum() / (double)_scores.Labels.Length;

    /// <summary>Mean recall over the classes that the split has.</summary>
    public double BalancedAccuracy => Enumerable.Range(0, _scores.Classes)
        .Where(c => _actual[c] > 0)
        .Average(c => _right[c] / (double)_actual[c]);

    /// <summary>Mean F1 over the classes that the split or the predictions have.</summary>
    public double MacroF1 => Enumerable.Range(0, _scores.Classes)
        .Where(c => _actual[c] + _predicted[c] > 0)
        .Average(c => 2.0 * _right[c] / (_actual[c] + _predicted[c]));

    /// <summary>Area under the ROC curve, ties half; null unless there are two classes and the split has both.</summary>
    public double? Auroc => _scores.Classes == 2 && Actual(0) > 0 && Actual(1) > 0 ? RankArea() : null;

    /// <summary>A metric by its name in a study's objective; null when it is not defined here.</summary>
    public double? Of(string metric) => metric switch
    {
        "val_loss" => Loss,
        "val_accuracy" => Accuracy,
        "val_balanced_accuracy" => BalancedAccuracy,
        "val_macro_f1" => MacroF1,
        "val_auroc" => Auroc,
        _ => throw new InvalidOperationException($"Unknown metric {metric}."),
    };

    /// <summary>Examples of a class.</summary>
    public long Actual(int c) => _actual[c];

    /// <summary>Right predictions of a class.</summary>
    public long Right(int c) => _right[c];

    /// <summary>How often each actual class (rows) was taken for which (columns); null above <see cref="ConfusionMatrix.MostClasses"/>.</summary>
    public ImmutableArray<ImmutableArray<long>>? Confusion()
    {
        if (_scores.Classes > ConfusionMatrix.MostClasses)
        {
            return null;
        }

        long[][] matrix = [.. _actual.Select(_ => new long[_scores.Classes])];
        for (int i = 0; i < _scores.Labels.Length; i++)
        {
            matrix[_scores.Labels[i]][_scores.Predictions[i]]++;
        }

        return [.. matrix.Select(ImmutableCollectionsMarshal.AsImmutableArray)];
    }

    // Mann-Whitney: the area is the share of (negative, positive) pairs in the right order.
    private double RankArea()
    {
        int n = _scores.Margins.Length;
        float[] sorted = [.. _scores.Margins];
        int[] order = [.. Enumerable.Range(0, n)];
        Array.Sort(sorted, order);
        double rankSum = 0;
        for (int start = 0; start < n;)
        {
            int end = start;
            while (end < n && sorted[end] == sorted[start])
            {
                end++;
            }

            // A NaN equals nothing: step over it.
            end = Math.Max(end, start + 1);
            double rank = (start + 1 + end) / 2.0;
            rankSum += rank * order[start..end].Count(i => _scores.Labels[i] == 1);
            start = end;
        }

        double positives = Actual(1), negatives = Actual(0);
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
    }
}
