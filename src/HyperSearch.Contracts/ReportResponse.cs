namespace HyperSearch.Contracts;

/// <summary>The metrics of one epoch; null where a number is missing or not finite.</summary>
public sealed record ReportResponse
{
    /// <summary>Number of finished epochs, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean cross-entropy on validation.</summary>
    public required double? ValLoss { get; init; }

    /// <summary>Accuracy on validation, 0 to 1.</summary>
    public required double? ValAccuracy { get; init; }

    /// <summary>Mean recall on validation, 0 to 1.</summary>
    public required double? ValBalancedAccuracy { get; init; }

    /// <summary>Mean F1 on validation, 0 to 1.</summary>
    public required double? ValMacroF1 { get; init; }

    /// <summary>Area under the ROC curve; two classes only.</summary>
    public required double? ValAuroc { get; init; }

    /// <summary>The objective's metric on a fixed sample of training examples.</summary>
    public required double? TrainValue { get; init; }

    /// <summary>Running mean of the training loss.</summary>
    public required double? FitLoss { get; init; }

    /// <summary>Rate of the head at the epoch's last step.</summary>
    public required double? LearningRate { get; init; }

    /// <summary>Seconds of the epoch, validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training examples per second.</summary>
    public required double? ExamplesPerSecond { get; init; }

    /// <summary>Peak device memory in bytes.</summary>
    public required long? PeakDeviceBytes { get; init; }
}
