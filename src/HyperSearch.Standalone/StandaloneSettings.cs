namespace HyperSearch.Standalone;

/// <summary>What the command line asks for.</summary>
internal sealed record StandaloneSettings
{
    /// <summary>Addresses to serve on.</summary>
    public required string Urls { get; init; }

    /// <summary>Folder of database, artifacts and caches.</summary>
    public required string Data { get; init; }

    /// <summary>Trials at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>Whether to submit a study, show it and its leaderboard.</summary>
    public required bool Demo { get; init; }

    /// <summary>The study to submit instead of the sample; null for the sample.</summary>
    public string? Study { get; init; }

    /// <summary>Whether to delete a finished study of that name first.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether to end after the study instead of serving on.</summary>
    public bool Exit { get; init; }
}
