namespace HyperSearch.Contracts;

/// <summary>Paths of a study's resources.</summary>
public sealed record StudyLinks
{
    /// <summary>The study.</summary>
    public required string Self { get; init; }

    /// <summary>Its ranked trials.</summary>
    public required string Leaderboard { get; init; }

    /// <summary>Its trials.</summary>
    public required string Trials { get; init; }

    /// <summary>What was decided, in order.</summary>
    public required string Decisions { get; init; }

    /// <summary>Its plan.</summary>
    public required string Plan { get; init; }

    /// <summary>How much each parameter decides.</summary>
    public required string Importance { get; init; }

    /// <summary>Whether the decision log can be repeated.</summary>
    public required string Replay { get; init; }

    /// <summary>The winner's model as a zip.</summary>
    public required string BestModel { get; init; }
}
