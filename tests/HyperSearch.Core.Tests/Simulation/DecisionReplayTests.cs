using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;

namespace HyperSearch.Core.Tests.Simulation;

public sealed class DecisionReplayTests
{
    private static readonly SimulationSettings Settings = new() { Spec = Specs.Asha(), Divergence = 0.2, ChildDeath = 0.2, Recounts = false };

    [Fact]
    public void Run_RecordedLog_HasNoDifference()
    {
        StudyHost host = SimulatedStudy.Run(Settings);

        DecisionReplay.Run(host.Spec, Settings.MaxLostAttempts, host.Log).ShouldBeNull();
    }

    [Fact]
    public void Run_LogOfAStudyWithAProbe_HasNoDifference()
    {
        StudyHost host = SimulatedStudy.Run(Settings with { Spec = Specs.Asha() with { Probe = true } });

        host.Study.Probe.ShouldNotBeNull();
        host.Log.Count(e => e.ReadDecisions().Any(d => d is Decision.ProposeFreezing)).ShouldBe(1);
        DecisionReplay.Run(host.Spec, Settings.MaxLostAttempts, host.Log).ShouldBeNull();
    }

    [Fact]
    public void Run_OtherStudy_TellsTheFirstDifference()
    {
        StudyHost host = SimulatedStudy.Run(Settings);

        ReplayDifference difference = DecisionReplay.Run(Specs.Asha(eta: 2), Settings.MaxLostAttempts, host.Log).ShouldNotBeNull();

        DecisionLogEntry entry = host.Log[(int)difference.Sequence - 1];
        difference.Recorded.ShouldBe(entry.ReadDecisions());
        difference.Input.Trial.ShouldBe(entry.ReadInput().Trial);
        difference.Replayed.ShouldNotBe(difference.Recorded);
        DecisionReplay.Run(Specs.Asha(eta: 2), Settings.MaxLostAttempts, host.Log.Take((int)difference.Sequence - 1)).ShouldBeNull();
    }

    [Fact]
    public void Run_MissingEntries_TellsWhatTheRulesRefuse()
    {
        StudyHost host = SimulatedStudy.Run(Settings);
        Refused(host, i => i is StudyInput.SegmentCompleted).ShouldBe("The input changes nothing.");
        Refused(host, i => i is StudyInput.Offered { Number: not null }).ShouldStartWith("There is no trial ");
    }

    private static string Refused(StudyHost host, Func<StudyInput, bool> first)
    {
        ReplayDifference difference = DecisionReplay.Run(host.Spec, Settings.MaxLostAttempts, host.Log.SkipWhile(e => !first(e.ReadInput()))).ShouldNotBeNull();
        first(difference.Input).ShouldBeTrue();
        difference.Replayed.ShouldBeEmpty();
        return difference.Refused.ShouldNotBeNull();
    }
}
