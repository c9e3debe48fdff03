using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Samplers;

/// <summary>What a sampler proposes for one trial.</summary>
/// <param name="Parameters">Normalised parameters; never those of another trial of the study.</param>
/// <param name="Cell">The grid cell, unique in the study; null for samplers without cells.</param>
public sealed record Proposal(ParameterSet Parameters, int? Cell);
