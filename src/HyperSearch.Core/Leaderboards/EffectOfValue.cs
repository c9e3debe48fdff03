namespace HyperSearch.Core.Leaderboards;

/// <summary>What became of one value of a parameter.</summary>
/// <param name="Value">The number, or the index of a choice.</param>
/// <param name="Number">The trial that has it; null while there is none. Values without a meaning share the trial of the defaults.</param>
/// <param name="Metric">The trial's value; null unless it is completed with a finite one.</param>
/// <param name="Delta">Positive when better than the defaults; null where one of the two is missing.</param>
public sealed record EffectOfValue(double Value, int? Number, double? Metric, double? Delta);
