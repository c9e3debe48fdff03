namespace HyperSearch.Api.Trials;

/// <summary>A place in a list of trials: the key of its order, null when missing, and the number.</summary>
internal sealed record TrialPosition(double? Key, int Number);
