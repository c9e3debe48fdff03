using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>How one simulated study ended.</summary>
/// <param name="Study">The study.</param>
/// <param name="Seconds">Seconds from start to end.</param>
/// <param name="Winner">Its best completed trial, or null.</param>
/// <param name="TrueValue">The winner's value without noise, or null.</param>
internal sealed record SimulatedRun(Study Study, double Seconds, Trial? Winner, double? TrueValue);
