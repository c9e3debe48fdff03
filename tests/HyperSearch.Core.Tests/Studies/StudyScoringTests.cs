using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyScoringTests
{
    [Theory]
    [InlineData(0.4, 0.5, true)]
    [InlineData(0.5, 0.5, false)]
    [InlineData(0.6, 0.5, false)]
    [InlineData(null, 0.5, null)]
    [InlineData(0.4, null, null)]
    public void Score_WinnerAndBaseline_DecidesBeatsBaseline(double? winner, double? baseline, bool? expected)
    {
        StudyDriver study = new(Specs.Random(2));
        study.RunAll(n => 1 + n);
        study.Study.State.ShouldBe(StudyState.Running);
        study.Score(0, winner);
        study.Study.State.ShouldBe(StudyState.Running);
        study.Score(Trial.BaselineNumber, baseline);
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.BeatsBaseline.ShouldBe(expected);
        study.Study.TestValue.ShouldBe(winner);
        (study.Study.TestMissing is null).ShouldBe(winner is not null);
    }

    [Theory]
    [InlineData(0.6, 0.5, true)]
    [InlineData(0.4, 0.5, false)]
    public void Score_Maximize_HigherBeatsBaseline(double winner, double baseline, bool expected)
    {
        StudyDriver study = new(Specs.Random(2) with { Objective = new() { Metric = "val_accuracy", Maximize = true } });
        study.RunAll(n => 1 + n);
        study.Score(Trial.BaselineNumber, baseline);
        study.Score(1, winner);
        study.Study.BeatsBaseline.ShouldBe(expected);
    }

    [Fact]
    public void Score_RepeatedWinner_StillAwaitsBaseline()
    {
        StudyDriver study = new(Specs.Random(2));
        study.RunAll(n => 1 + n);
        study.Score(0, 0.4).Applied.ShouldBeTrue();
        study.Score(0, 0.9).Applied.ShouldBeFalse();
        study.Study.Scoring.ShouldBeTrue();
        study.Study.TestValue.ShouldBe(0.4);
        study.Score(Trial.BaselineNumber, 0.5);
        study.Study.BeatsBaseline.ShouldBe(true);
    }

    [Fact]
    public void Score_RepeatedBaseline_StillAwaitsWinner()
    {
        StudyDriver study = new(Specs.Random(2));
        study.RunAll(n => 1 + n);
        study.Score(Trial.BaselineNumber, 0.5).Applied.ShouldBeTrue();
        study.Score(Trial.BaselineNumber, 0.1).Applied.ShouldBeFalse();
        study.Study.Scoring.ShouldBeTrue();
        study.Score(0, 0.4);
        study.Study.BeatsBaseline.ShouldBe(true);
    }

    [Fact]
    public void Score_BaselineFailedInSearch_OnlyWinnerIsScored()
    {
        StudyDriver study = new(Specs.Random(2));
        study.Fail(study.Assign());
        study.RunAll(n => 1 + n);
        study.Host.Evaluations.Keys.ShouldBe([0]);
        study.Score(Trial.BaselineNumber, 0.5).Applied.ShouldBeFalse();
        study.Study.Scoring.ShouldBeTrue();
        study.Score(0, 0.4);
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.BeatsBaseline.ShouldBeNull();
    }

    [Fact]
    public void Score_AnotherTrial_IsIgnored()
    {
        StudyDriver study = new(Specs.Random(2));
        study.RunAll(n => 1 + n);
        study.Score(1, 0.4).Applied.ShouldBeFalse();
    }

    [Fact]
    public void Score_NoValueAndNoReason_LeavesAReason()
    {
        StudyDriver study = new(Specs.Random(2) with { Baseline = false });
        study.RunAll(n => 1 + n);
        study.Score(0, null);
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.TestMissing.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Score_FailedScoring_KeepsReason()
    {
        StudyDriver study = new(Specs.Random(2));
        study.RunAll(n => 1 + n);
        study.Score(0, null, "no test split");
        study.Score(Trial.BaselineNumber, null, "no test split");
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.TestMissing.ShouldBe("no test split");
        study.Study.BeatsBaseline.ShouldBeNull();
    }

    [Fact]
    public void EndSearch_NoDataset_EndsWithoutScoring()
    {
        StudyDriver study = new(Specs.Random(2) with { Dataset = null });
        study.RunAll(n => 1 + n);
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.StopReason.ShouldBe(StopReason.Finished);
        study.Study.TestMissing.ShouldNotBeNull();
        study.Host.Evaluations.ShouldBeEmpty();
    }

    [Fact]
    public void EndSearch_NothingFinite_EndsWithoutScoring()
    {
        StudyDriver study = new(Specs.Random(2) with { Baseline = false });
        study.RunAll(_ => null);
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.BestNumber.ShouldBeNull();
        study.Study.TestMissing.ShouldNotBeNull();
    }

    [Fact]
    public void EndSearch_StoppedWithCompletedTrial_IsScored()
    {
        StudyDriver study = new(Specs.Random(4));
        study.Complete(study.Assign(), 1);
        study.Complete(study.Assign(), 1);
        study.Give(StudyVerb.Stop);
        study.Study.State.ShouldBe(StudyState.Stopping);
        study.Study.Scoring.ShouldBeTrue();
        study.Score(0, 0.4);
        study.Score(Trial.BaselineNumber, 0.5);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Stopped, StopReason.UserStop));
        study.Study.BeatsBaseline.ShouldBe(true);
    }

    [Fact]
    public void EndSearch_StoppedWithoutCompletedTrial_IsNotScored()
    {
        StudyDriver study = new(Specs.Halving(3, 1, 3));
        study.Complete(study.Assign(), 1);
        study.Complete(study.Assign(), 1);
        study.Give(StudyVerb.Stop);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Stopped, StopReason.UserStop));
        study.Study.BestNumber.ShouldBeNull();
        study.Host.Evaluations.ShouldBeEmpty();
    }

    [Fact]
    public void EndSearch_TooManyFailures_IsNotScored()
    {
        StudyDriver study = new(Specs.Random(6) with { MaxFailedTrials = 0 });
        study.Complete(study.Assign(), 1);
        study.Complete(study.Assign(), 1);
        study.Fail(study.Assign());
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Failed, StopReason.MaxFailedTrials));
        study.Host.Evaluations.ShouldBeEmpty();
        study[0].State.ShouldBe(TrialState.Completed);
    }

    [Theory]
    [InlineData(StudyVerb.Pause)]
    [InlineData(StudyVerb.Stop)]
    public void Score_AfterVerb_EndsTheFinishedSearch(StudyVerb verb)
    {
        StudyDriver study = new(Specs.Random(2) with { Baseline = false });
        study.RunAll(n => 1 + n);
        study.Give(verb).Applied.ShouldBeTrue();
        study.Host.Now += TimeSpan.FromSeconds(5);
        study.Score(0, 0.4);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Completed, StopReason.Finished));
        study.Study.PausedSince.ShouldBeNull();
        study.Study.PausedSeconds.ShouldBe(verb == StudyVerb.Pause ? 5 : 0);
    }

    [Fact]
    public void Cancel_WhileScoring_CancelsAndExpectsNoScore()
    {
        StudyDriver study = new(Specs.Random(2));
        study.RunAll(n => 1 + n);
        study.Give(StudyVerb.Cancel);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Cancelled, StopReason.UserCancel));
        study.Study.Scoring.ShouldBeFalse();
        study.Study.ScoresOutstanding.ShouldBe(0);
        study.Host.Evaluations.Values.ShouldAllBe(e => e.State == TrialState.Cancelled);
        study.Score(0, 0.4).Applied.ShouldBeFalse();
        study.Study.TestValue.ShouldBeNull();
    }
}
