namespace HyperSearch.Contracts;

/// <summary>One rung of a plan.</summary>
public sealed record PlanRungResponse
{
    /// <summary>Epochs at which its trials are compared.</summary>
    public required int Epochs { get; init; }

    /// <summary>Trials that get there when none fails or diverges.</summary>
    public required int Trials { get; init; }
}
