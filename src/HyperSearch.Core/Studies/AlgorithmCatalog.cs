using System.Collections.Immutable;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Studies;

/// <summary>The names of the algorithms that a request may give.</summary>
public static class AlgorithmCatalog
{
    /// <summary>Synchronous successive halving (Jamieson and Talwalkar, AISTATS 2016).</summary>
    public const string SuccessiveHalving = "successive_halving";

    /// <summary>Asynchronous successive halving by promotion (Li et al., MLSys 2020).</summary>
    public const string Asha = "asha";

    /// <summary>Brackets of successive halving that start ever later (Li et al., JMLR 2018).</summary>
    public const string Hyperband = "hyperband";

    /// <summary>What <see cref="WithRungs"/> take as sampler, and what median stopping goes with.</summary>
    public static ImmutableArray<string> Samplers { get; } = [SamplerCatalog.Random, SamplerCatalog.Sobol, SamplerCatalog.Tpe, SamplerCatalog.Grid];

    /// <summary>The multi-fidelity algorithms: trials are compared at rungs and go on from checkpoints.</summary>
    public static ImmutableArray<string> WithRungs { get; } = [SuccessiveHalving, Asha, Hyperband];

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> Names { get; } = [SamplerCatalog.Grid, SamplerCatalog.Random, SamplerCatalog.Sobol, SamplerCatalog.Tpe, SamplerCatalog.OneAtATime, .. WithRungs];
}
