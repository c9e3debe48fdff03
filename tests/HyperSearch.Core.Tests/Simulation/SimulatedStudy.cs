using HyperSearch.Core.Simulation;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>Runs a study on a simulated cluster.</summary>
internal static class SimulatedStudy
{
    /// <summary>Runs a study to its end and lets everything that is still under way arrive, which must change nothing.</summary>
    public static StudyHost Run(SimulationSettings settings)
    {
        SimulatedCluster cluster = new(settings.Cluster());
        cluster.Run();
        StudyHost host = cluster.Host;
        (long version, int log) = (host.Study.Version, host.Log.Count);
        cluster.Drain();
        (host.Study.Version, host.Log.Count).ShouldBe((version, log), "a late event changed an ended study");
        return host;
    }
}
