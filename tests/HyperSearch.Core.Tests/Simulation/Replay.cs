using HyperSearch.Core.Simulation;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>Feeds a recorded log, read back from its JSON, to fresh rules over fresh rows.</summary>
internal static class Replay
{
    /// <summary>Every decision must come out again, and every row must end as it did.</summary>
    public static void Check(StudyHost recorded, int maxLostAttempts)
    {
        DecisionReplay replay = new(recorded.Spec, maxLostAttempts);
        recorded.Log.Select(replay.Next).FirstOrDefault(d => d is not null).ShouldBeNull();
        StudyHost fresh = replay.Host;
        fresh.Trials.Values.Select(End).ShouldBe(recorded.Trials.Values.Select(End));
        (fresh.Study.State, fresh.Study.StopReason, fresh.Study.BestNumber).ShouldBe((recorded.Study.State, recorded.Study.StopReason, recorded.Study.BestNumber));
        (fresh.Study.EpochsExecuted, fresh.Study.BeatsBaseline).ShouldBe((recorded.Study.EpochsExecuted, recorded.Study.BeatsBaseline));
    }

    private static (int Number, string Parameters, TrialState State, int? Rung, int Attempt, int Lost, TrialSummary Summary) End(Trial trial) =>
        (trial.Number, trial.Parameters.ToString(), trial.State, trial.Rung, trial.Attempt, trial.LostAttempts, trial.Summary);
}
