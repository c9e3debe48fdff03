namespace HyperSearch.Core.Trials;

/// <summary>The metrics of one epoch. A number that is not finite is null, never NaN.</summary>
public sealed record EpochReport
{
    /// <summary>Number of finished epochs, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Plain mean cross-entropy over all validation examples; null when it is not finite.</summary>
    public double? ValLoss { get; init; }

    /// <summary>Share of validation examples classified right, 0 to 1.</summary>
    public double? ValAccuracy { get; init; }

    /// <summary>Mean recall over the classes, 0 to 1.</summary>
    public double? ValBalancedAccuracy { get; init; }

    /// <summary>Mean F1 over the classes, 0 to 1.</summary>
    public double? ValMacroF1 { get; init; }

    /// <summary>Area under the ROC curve; only for two classes.</summary>
    public double? ValAuroc { get; init; }

    /// <summary>The objective's metric on a fixed sample of at most 1,000 training examples, in evaluation mode.</summary>
    public double? TrainValue { get; init; }

    /// <summary>Running mean of the training loss over the epoch's steps.</summary>
    public double? FitLoss { get; init; }

    /// <summary>Rate of the head at the epoch's last step.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Wall time of the epoch in seconds, validation included.</summary>
    public double Seconds { get; init; }

    /// <summary>Training examples per second of training time.</summary>
    public double? ExamplesPerSecond { get; init; }

    /// <summary>Peak device memory in bytes; null where it cannot be read.</summary>
    public long? PeakDeviceBytes { get; init; }
}
