using System.Collections.Immutable;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Studies;

/// <summary>The names of the algorithms that a request may give.</summary>
public static class AlgorithmCatalog
{
    /// <summary>Scrambled Sobol points.</summary>
    public const string Sobol = "sobol";

    /// <summary>The tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011).</summary>
    public const string Tpe = "tpe";

    /// <summary>The baseline, then every searched parameter alone over its grid points. Trial 0 is the baseline, so that no other one runs.</summary>
    public const string OneAtATime = "one_at_a_time";

    /// <summary>Synchronous successive halving (Jamieson and Talwalkar, AISTATS 2016).</summary>
    public const string SuccessiveHalving = "successive_halving";

    /// <summary>Asynchronous successive halving by promotion (Li et al., MLSys 2020).</summary>
    public const string Asha = "asha";

    /// <summary>Brackets of successive halving that start ever later (Li et al., JMLR 2018).</summary>
    public const string Hyperband = "hyperband";

    /// <summary>What <see cref="WithRungs"/> take as sampler, and what median stopping goes with.</summary>
    public static ImmutableArray<string> Samplers { get; } = [SamplerCatalog.Random, Sobol, Tpe, SamplerCatalog.Grid];

    /// <summary>The multi-fidelity algorithms: trials are compared at rungs and go on from checkpoints.</summary>
    public static ImmutableArray<string> WithRungs { get; } = [SuccessiveHalving, Asha, Hyperband];

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> Names { get; } = [SamplerCatalog.Grid, SamplerCatalog.Random, Sobol, Tpe, OneAtATime, .. WithRungs];
}
