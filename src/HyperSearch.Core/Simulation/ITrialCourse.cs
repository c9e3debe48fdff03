using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>What a trial measures in every epoch and how it ends, whoever runs it when.</summary>
internal interface ITrialCourse
{
    /// <summary>The metrics of an epoch, from 1; its time is the cluster's.</summary>
    EpochReport Report(int epoch);

    /// <summary>The epoch in which a loss is not finite, or null.</summary>
    int? DivergesAt { get; }

    /// <summary>The epoch in which it fails for good, or null.</summary>
    int? FailsAt { get; }

    /// <summary>The epoch in which it fails unless it failed before, or null.</summary>
    int? FailsOnceAt => null;

    /// <summary>The epoch after which early stopping ends it, or null.</summary>
    int? StopsEarlyAt => null;
}
