namespace HyperSearch.Contracts;

/// <summary>What a study will cost, known before it starts. The baseline's epochs are not in the totals.</summary>
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

    /// <summary>What is worth a second look before the study starts.</summary>
    public required IReadOnlyList<WarningResponse> Warnings { get; init; }
}
