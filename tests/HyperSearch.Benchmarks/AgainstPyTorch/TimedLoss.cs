namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>What a repetition gave.</summary>
/// <param name="Seconds">Seconds of its steps.</param>
/// <param name="Processor">Seconds that its threads kept processors busy.</param>
/// <param name="Loss">Mean loss of its last batch, before the last update.</param>
internal readonly record struct TimedLoss(double Seconds, double Processor, double Loss);
