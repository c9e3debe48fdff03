using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Leaderboards;

/// <summary>What one parameter does while all others stay at the defaults.</summary>
/// <param name="Hyperparameter">The parameter.</param>
/// <param name="Values">Its values, in the order of the grid; the default is among them.</param>
/// <param name="Spread">The largest metric less the smallest; null with fewer than two.</param>
public sealed record ParameterEffect(Hyperparameter Hyperparameter, ImmutableArray<EffectOfValue> Values, double? Spread);
