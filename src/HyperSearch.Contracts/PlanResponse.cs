namespace HyperSearch.Contracts;

/// <summary>What a study will cost, for the trials that it has now. The epochs of the baseline and of the confirmation are not in the totals.</summary>
public sealed record PlanResponse
{
    /// <summary>N: searched trials.</summary>
    public required int Trials { get; init; }

    /// <summary>Whether the baseline runs besides.</summary>
    public required bool Baseline { get; init; }

    /// <summary>The rungs of every bracket.</summary>
    public required IReadOnlyList<PlanBracketResponse> Brackets { get; init; }

    /// <summary>Epochs that are executed when promoted trials go on from their checkpoints.</summary>
    public required long TotalEpochs { get; init; }

    /// <summary><c>exact</c>, <c>lower_bound</c> or <c>upper_bound</c>.</summary>
    public required string TotalEpochsKind { get; init; }

    /// <summary>The most epochs that can be executed.</summary>
    public required long MaxTotalEpochs { get; init; }

    /// <summary>Epochs if every promoted trial began again.</summary>
    public required long TotalEpochsWithoutResume { get; init; }

    /// <summary>Epochs of the confirmation; 0 without one.</summary>
    public required long ConfirmEpochs { get; init; }

    /// <summary>
    /// Device seconds of all of it, baseline and confirmation included, as the study's own epochs took them so far, or those of
    /// the newest studies of the same model family and dataset; null while none has run. An estimate: other hyperparameters
    /// take other times.
    /// </summary>
    public required double? EstimatedDeviceSeconds { get; init; }

    /// <summary>Seconds from start to end on the slots that the pool has now, without waiting for other studies; null without slots or a measured time.</summary>
    public required double? EstimatedSeconds { get; init; }

    /// <summary>What is worth a second look before the study starts.</summary>
    public required IReadOnlyList<WarningResponse> Warnings { get; init; }
}
