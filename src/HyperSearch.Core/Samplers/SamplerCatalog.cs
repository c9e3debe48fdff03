using System.Collections.Immutable;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Samplers;

/// <summary>All samplers by the name that requests use.</summary>
public static class SamplerCatalog
{
    /// <summary>The name of <see cref="GridSampler"/>.</summary>
    public const string Grid = "grid";

    /// <summary>The name of <see cref="RandomSampler"/>.</summary>
    public const string Random = "random";

    /// <summary>The name of <see cref="SobolSampler"/>.</summary>
    public const string Sobol = "sobol";

    /// <summary>The name of <see cref="TpeSampler"/>.</summary>
    public const string Tpe = "tpe";

    /// <summary>The name of <see cref="OneAtATimeSampler"/>.</summary>
    public const string OneAtATime = "one_at_a_time";

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static ImmutableArray<string> Names { get; } = [Grid, Random, Sobol, Tpe, OneAtATime];

    /// <summary>The sampler of a study. Cheap to keep per study and safe for several threads; any instance gives the same proposals.</summary>
    /// <param name="spec">A valid study.</param>
    /// <exception cref="ArgumentException">An unknown sampler.</exception>
    public static ISampler Create(StudySpec spec) => spec.Algorithm.Sampler switch
    {
        Grid => new GridSampler(spec.Space, spec.Algorithm.Shuffled, spec.Seed),
        Random => new RandomSampler(spec.Space, spec.Seed),
        Sobol => new SobolSampler(spec.Space, spec.Seed),
        Tpe => new TpeSampler(spec.Space, spec.Seed),
        OneAtATime => new OneAtATimeSampler(spec.Space),
        _ => throw new ArgumentException($"Unknown sampler {spec.Algorithm.Sampler}.", nameof(spec)),
    };

    /// <summary>Distinct configurations that a sampler can propose; null in a continuum, <see cref="long.MaxValue"/> when there are more.</summary>
    /// <param name="space">The space; for grid and one_at_a_time every float range has a count or a step.</param>
    /// <param name="sampler">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">An unknown sampler.</exception>
    public static long? DistinctConfigurations(SearchSpace space, string sampler) => sampler switch
    {
        Grid => CellSpace.OfGrid(space).Distinct,
        Random or Sobol or Tpe => CellSpace.OfRandom(space).Distinct,
        OneAtATime => new OneAtATimeSampler(space).Count,
        _ => throw new ArgumentException($"Unknown sampler {sampler}.", nameof(sampler)),
    };
}
