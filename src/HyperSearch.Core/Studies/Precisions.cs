using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>The precisions that models are trained in, by their names in requests.</summary>
public static class Precisions
{
    /// <summary>IEEE single precision throughout; every worker has it.</summary>
    public const string Fp32 = "fp32";

    /// <summary>bfloat16 in linear layers, convolutions and attention; weights, normalisation, softmax and loss in single precision.</summary>
    public const string Bf16 = "bf16";

    /// <summary>All of them; the first is the default.</summary>
    public static ImmutableArray<string> All { get; } = [Fp32, Bf16];

    /// <summary>Whether a worker can be given trials.</summary>
    /// <param name="offered">The precisions that the worker has.</param>
    /// <param name="needed">The one that the study needs (<see cref="StudySpec.NeededPrecision"/>); null for any.</param>
    public static bool Suffice(IReadOnlyCollection<string> offered, string? needed) => needed is null || offered.Contains(needed);
}
