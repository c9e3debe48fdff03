using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>What a request says about the space, before the algorithm's rules.</summary>
internal sealed record SpaceRequest
{
    /// <summary>The valid domains, in declared order.</summary>
    public required ImmutableArray<ParameterDomain> Domains { get; init; }

    /// <summary>The constants that the request gives.</summary>
    public required ImmutableDictionary<Hyperparameter, double> Constants { get; init; }

    /// <summary>Whether every parameter was valid, so that cells can be counted.</summary>
    public required bool Complete { get; init; }

    /// <summary>The space with the family's defaults for everything else.</summary>
    public SearchSpace Over(ParameterSet defaults) => new()
    {
        Domains = Domains,
        Constants = Constants.Aggregate(defaults, (set, constant) => set.With(constant.Key, constant.Value)),
    };
}
