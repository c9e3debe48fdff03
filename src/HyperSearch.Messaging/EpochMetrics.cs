namespace HyperSearch.Messaging;

/// <summary>The metrics of one epoch on the bus; null where a number is missing or not finite.</summary>
public sealed record EpochMetrics
{
    /// <summary>Number of finished epochs, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean cross-entropy on validation.</summary>
    public double? ValLoss { get; init; }

    /// <summary>Accuracy on validation.</summary>
    public double? ValAccuracy { get; init; }

    /// <summary>Mean recall on validation.</summary>
    public double? ValBalancedAccuracy { get; init; }

    /// <summary>Mean F1 on validation.</summary>
    public double? ValMacroF1 { get; init; }

    /// <summary>Area under the ROC curve, two classes only.</summary>
    public double? ValAuroc { get; init; }

    /// <summary>The objective's metric on the fixed sample of training examples.</summary>
    public double? TrainValue { get; init; }

    /// <summary>Running training loss.</summary>
    public double? FitLoss { get; init; }

    /// <summary>Rate of the head.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Seconds of the epoch.</summary>
    public double Seconds { get; init; }

    /// <summary>Training examples per second.</summary>
    public double? ExamplesPerSecond { get; init; }

    /// <summary>Peak device memory in bytes.</summary>
    public long? PeakDeviceBytes { get; init; }
}
