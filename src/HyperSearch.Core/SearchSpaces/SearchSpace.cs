using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>What a study searches: the domains in declared order, and the value of everything that stays constant.</summary>
public sealed record SearchSpace
{
    /// <summary>The searched parameters, in declared order; a scalar in the request is a constant and not here.</summary>
    public required ImmutableArray<ParameterDomain> Domains { get; init; }

    /// <summary>The family's defaults overridden by the study's constants: the baseline's parameters, and the value of every parameter that is not searched. Not normalised.</summary>
    public required ParameterSet Constants { get; init; }
}
