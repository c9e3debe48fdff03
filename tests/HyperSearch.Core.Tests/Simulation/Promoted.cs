using HyperSearch.Core.Simulation;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>Which trials went on.</summary>
internal static class Promoted
{
    /// <summary>The trials that went on from a rung, by number.</summary>
    public static IEnumerable<int> BeyondRung(this StudyHost host, int rung) => host.Searched.Where(t => t.Rung > rung).Select(t => t.Number);
}
