namespace HyperSearch.Core.Schedulers;

/// <summary>What the rules see of a level's ordered results: the few around its cut, whatever their number.</summary>
public sealed record Neighbourhood
{
    /// <summary>How many results on either side, and how many open ones, the host looks up.</summary>
    public const int Reach = 2;

    /// <summary>Nothing there.</summary>
    public static Neighbourhood Empty { get; } = new();

    /// <summary>The last results before the cut, nearest first; none without a cut.</summary>
    public IReadOnlyList<Standing> Before { get; init; } = [];

    /// <summary>The first results behind the cut, nearest first; without a cut the first of all.</summary>
    public IReadOnlyList<Standing> After { get; init; } = [];

    /// <summary>The first results whose trials have not gone on.</summary>
    public IReadOnlyList<Standing> Open { get; init; } = [];

    /// <summary>The result there of the trial in question, or null.</summary>
    public Standing? Own { get; init; }
}
