using System.Collections.Immutable;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;

namespace HyperSearch.Core.Studies;

/// <summary>What the host looked up for a <see cref="StudyLookup"/>.</summary>
public sealed record LookupResult
{
    /// <summary>Nothing was asked for.</summary>
    public static LookupResult None { get; } = new();

    /// <summary>The study's trials as its sampler may know them.</summary>
    public TrialHistory History { get; init; } = TrialHistory.Empty;

    /// <summary>The results around the cut of the trial's rung.</summary>
    public Neighbourhood Rung { get; init; } = Neighbourhood.Empty;

    /// <summary>The running averages of the asked epochs; the rules change the rankings in place.</summary>
    public ImmutableSortedDictionary<int, (EpochRanking Ranking, Neighbourhood Near)> Epochs { get; init; } =
        ImmutableSortedDictionary<int, (EpochRanking, Neighbourhood)>.Empty;
}
