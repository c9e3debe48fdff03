using System.Collections.Immutable;

namespace HyperSearch.Core.Importances;

/// <summary>What can be said about the importance of a study's parameters. The closed choices are the nested records.</summary>
public abstract record ImportanceResult
{
    private ImportanceResult(int? rung, int trials) => (Rung, Trials) = (rung, trials);

    /// <summary>How it was found.</summary>
    public string Method { get; } = PedAnova.Name;

    /// <summary>Index of the rung at which the losses were read; null without rungs.</summary>
    public int? Rung { get; }

    /// <summary>n: trials with a finite loss there.</summary>
    public int Trials { get; }

    /// <summary>Nothing: there are fewer trials than <see cref="PedAnova.FewestTrials"/>.</summary>
    public sealed record TooFew(int? Rung, int Trials) : ImportanceResult(Rung, Trials);

    /// <summary>The importances.</summary>
    /// <param name="Rung">Index of the rung at which the losses were read; null without rungs.</param>
    /// <param name="Trials">n: trials with a finite loss there.</param>
    /// <param name="Best">How many of them are the target: max(5, ceil(0.1 n)).</param>
    /// <param name="Importances">One per searched parameter, the largest first, equal ones in the catalogue's order. They add up to 1, or all are 0.</param>
    public sealed record Known(int? Rung, int Trials, int Best, ImmutableArray<ParameterImportance> Importances) : ImportanceResult(Rung, Trials)
    {
        /// <summary>Whether the trials are so few that another seed may well give another order.</summary>
        public bool Unstable => Trials < PedAnova.FewestStableTrials;
    }
}
