namespace HyperSearch.Training.Metrics;

/// <summary>How far a metric would scatter over other test sets of the same size.</summary>
internal static class StandardErrors
{
    private const int Resamples = 200;

    /// <summary>The standard error of a metric; null where there are too few examples.</summary>
    public static double? Of(string metric, Scores scores)
    {
        int n = scores.Labels.Length;
        if (n < 2)
        {
            return null;
        }

        ClassificationMetrics metrics = new(scores);
        return metric switch
        {
            "val_loss" => Deviation([.. scores.Losses.Select(l => (double)l)]) / Math.Sqrt(n),
            "val_accuracy" => Math.Sqrt(metrics.Accuracy * (1 - metrics.Accuracy) / n),
            "val_balanced_accuracy" => OfMeanRecall(metrics, scores.Classes),
            _ => Bootstrap(metric, scores),
        };
    }

    // Recalls of different classes are independent proportions.
    private static double OfMeanRecall(ClassificationMetrics metrics, int classes)
    {
        double variance = 0;
        int present = 0;
        for (int c = 0; c < classes; c++)
        {
            double n = metrics.Actual(c);
            if (n > 0)
            {
                double recall = metrics.Right(c) / n;
                variance += recall * (1 - recall) / n;
                present++;
            }
        }

        return Math.Sqrt(variance) / present;
    }

    private static double? Bootstrap(string metric, Scores scores)
    {
        SeededGenerator generator = Seeds.Generator(0, SeedPurpose.Bootstrap);
        int[] rows = new int[scores.Labels.Length];
        List<double> values = [];
        for (int r = 0; r < Resamples; r++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                rows[i] = generator.Next(rows.Length);
            }

            if (new ClassificationMetrics(scores.Resample(rows)).Of(metric) is { } value)
            {
                values.Add(value);
            }
        }

        return values.Count < 2 ? null : Deviation(values);
    }

    private static double Deviation(List<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}
