using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyProbeTests
{
    private static readonly ProbeScores Scores = new([new(1, 0.5, 0.02), new(2, 0.9, 0.02), new(3, 0.89, 0.02), new(4, 0.7, 0.02)], 400, 100);

    private readonly StudyDriver _study = new(Specs.Random(2) with { Probe = true });

    [Fact]
    public void Create_Probe_NothingElseStarts()
    {
        (_study.Study.State, _study.Study.Probing, _study.Study.Startable).ShouldBe((StudyState.Queued, true, false));
        _study.Host.TryNext(out _).ShouldBeFalse();
        _study.Host.Rules.CountStartable(_study.Study, 0).ShouldBe(0);
        StudyRules.MayStartSegments(_study.Study).ShouldBeTrue();
        _study.Host.Offer(StudyDriver.Worker).Applied.ShouldBeFalse();
    }

    [Fact]
    public void Assigned_FirstTime_BeginsTheStudy()
    {
        Assigned().Decisions.ShouldBe([new Decision.Enter(StudyState.Running)]);
        (_study.Study.State, _study.Study.StartedAt).ShouldBe((StudyState.Running, _study.Host.Now));
        Assigned().Applied.ShouldBeFalse();
        _study.Host.TryNext(out _).ShouldBeFalse();
    }

    [Fact]
    public void Probed_Scores_ProposesAndLetsTheSearchBegin()
    {
        Assigned();

        Probed(Scores).Decisions.ShouldBe([new Decision.ProposeFreezing(new FreezingProposal(2, 0, 3))]);

        ProbeResult result = StudyRules.Probe(_study.Study).ShouldNotBeNull();
        (result.Scores.Examples, result.Scores.HeldOut).ShouldBe((400, 100));
        result.Scores.Depths.ShouldBe(Scores.Depths);
        result.Proposal.ShouldBe(new FreezingProposal(2, 0, 3));
        (_study.Study.Probing, _study.Study.Startable, _study.Study.ProbeMissing).ShouldBe((false, true, null));
        _study.RunAll(n => 1 + n);
        _study.Score(0, 0.4);
        _study.Score(-1, 0.5);
        _study.Study.State.ShouldBe(StudyState.Completed);
    }

    [Fact]
    public void Probed_Twice_TheFirstCounts()
    {
        Assigned();
        Probed(Scores);
        string? before = _study.Study.Probe;

        Probed(new([new(1, 1, 0)], 4, 1)).Applied.ShouldBeFalse();
        Probed(null, "late").Applied.ShouldBeFalse();

        (_study.Study.Probe, _study.Study.ProbeMissing).ShouldBe((before, null));
    }

    [Theory]
    [InlineData("damaged", "damaged")]
    [InlineData(null, "The probe gave no scores.")]
    public void Probed_NoScores_LeavesAReasonAndLetsTheSearchBegin(string? missing, string expected)
    {
        Assigned();
        Probed(null, missing).Applied.ShouldBeTrue();
        (_study.Study.State, _study.Study.Probe, _study.Study.ProbeMissing).ShouldBe((StudyState.Running, null, expected));
        _study.Assign().IsBaseline.ShouldBeTrue();
    }

    [Fact]
    public void Probed_WhilePaused_CountsAndTheSearchWaitsForTheUser()
    {
        Assigned();
        _study.Give(StudyVerb.Pause);
        StudyRules.MayStartSegments(_study.Study).ShouldBeFalse();
        Probed(Scores).Applied.ShouldBeTrue();
        _study.Host.TryNext(out _).ShouldBeFalse();
        _study.Give(StudyVerb.Resume);
        _study.Study.State.ShouldBe(StudyState.Running);
        _study.Host.TryNext(out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(StudyVerb.Stop, StudyState.Stopped)]
    [InlineData(StudyVerb.Cancel, StudyState.Cancelled)]
    public void End_BeforeTheProbe_EndsItWithAReason(StudyVerb verb, StudyState state)
    {
        Assigned();
        _study.Give(verb);
        _study.Study.State.ShouldBe(state);
        (_study.Study.Probing, _study.Study.Probe, _study.Study.ProbeMissing).ShouldBe((false, null, "The search ended before the probe did."));
        Probed(Scores).Applied.ShouldBeFalse();
        _study.Study.Probe.ShouldBeNull();
    }

    [Fact]
    public void PassTime_DuringTheProbe_EndsTheStudy()
    {
        StudyDriver study = new(Specs.Random(2) with { Probe = true, MaxDurationS = 10 });
        study.Host.Apply(new StudyInput.ProbeAssigned());
        study.PassTime(9).Applied.ShouldBeFalse();
        study.PassTime(2).Applied.ShouldBeTrue();
        (study.Study.State, study.Study.StopReason, study.Study.Probing).ShouldBe((StudyState.Completed, StopReason.MaxDurationS, false));
    }

    [Fact]
    public void Probe_NotAsked_NothingIsAwaitedAndNothingProbed()
    {
        StudyDriver study = new(Specs.Random(2));
        study.Host.Apply(new StudyInput.ProbeAssigned()).Applied.ShouldBeFalse();
        study.Host.Apply(new StudyInput.Probed(Scores, null)).Applied.ShouldBeFalse();
        (study.Study.Probing, study.Study.Probe, study.Study.ProbeMissing).ShouldBe((false, null, null));
        study.Assign().IsBaseline.ShouldBeTrue();
    }

    private StudyOutcome Assigned() => _study.Host.Apply(new StudyInput.ProbeAssigned());

    private StudyOutcome Probed(ProbeScores? scores, string? missing = null) => _study.Host.Apply(new StudyInput.Probed(scores, missing));
}
