namespace HyperSearch.Api.Coordination;

/// <summary>
/// A finite result in the order of its level: of a rung, or the running average of an epoch. Written and read by
/// <see cref="Standings"/> alone; the entity is here for its table and indexes.
/// </summary>
internal sealed class RankedResult
{
    public required string StudyId { get; init; }

    /// <summary>The ladder, or <see cref="Core.Schedulers.EpochRanking.Bracket"/>.</summary>
    public int Bracket { get; init; }

    /// <summary>The rung's index, or the epoch.</summary>
    public int Level { get; init; }

    public int Number { get; init; }

    public double Loss { get; init; }

    /// <summary>Whether its trial has gone on.</summary>
    public bool Taken { get; init; }
}
