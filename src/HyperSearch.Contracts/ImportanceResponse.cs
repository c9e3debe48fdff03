namespace HyperSearch.Contracts;

/// <summary>How much each searched parameter decides whether a trial is among the best.</summary>
public sealed record ImportanceResponse
{
    /// <summary><c>ped-anova</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Index of the rung at whose epochs the trials are compared; null without rungs, where completed trials are.</summary>
    public required int? Rung { get; init; }

    /// <summary>Trials with a finite value there.</summary>
    public required int N { get; init; }

    /// <summary>How many of them count as the best; null when they are too few.</summary>
    public required int? Best { get; init; }

    /// <summary>Whether there are fewer than 20 trials, so that nothing can be said.</summary>
    public required bool TooFew { get; init; }

    /// <summary>Whether there are fewer than 50 trials, so that another seed may well give another order.</summary>
    public required bool Unstable { get; init; }

    /// <summary>The searched parameters, the most important first; they add up to 1, or all are 0. Empty when the trials are too few.</summary>
    public required IReadOnlyList<ImportanceEntry> Items { get; init; }
}
