using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Schedulers;

public sealed class MedianStoppingTests : SchedulerSuite
{
    protected override StudyAlgorithm Create() => new() { Name = "random", Sampler = "random", Stopping = new() };

    [Fact]
    public void Report_WorseThanTheMedianOfTheOthersAverages_Stops()
    {
        StudyDriver study = Of(6);
        List<Trial> trials = study.AssignNew(6);
        foreach (Trial trial in trials.Take(5))
        {
            study.Report(trial, 1, trial.Number);
            study.Report(trial, 2, trial.Number).Decisions.ShouldBeEmpty();
        }

        // Averages 0..4, median 2.
        study.Report(trials[5], 1, 2.5).Decisions.ShouldBeEmpty();
        study.Report(trials[5], 2, 2.1).Decisions.ShouldBe([new Decision.Stop(5)]);
        (trials[5].State, study.Study.Pruned, study.Study.Assigned).ShouldBe((TrialState.Pruned, 1, 5));
        trials[5].Incarnation.ShouldNotBeNull("the slot is taken until its worker no longer lists the attempt");
        trials[5].ReleaseSlot(1).ShouldBeTrue();
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(1.9)]
    public void Report_NotStrictlyWorse_GoesOn(double best)
    {
        StudyDriver study = Of(6);
        List<Trial> trials = study.AssignNew(6);
        trials.Take(5).ToList().ForEach(t => Report(study, t, t.Number, t.Number));
        // The best so far counts, not the last.
        study.Report(trials[5], 1, best);
        study.Report(trials[5], 2, 100).Decisions.ShouldBeEmpty();
        trials[5].State.ShouldBe(TrialState.Running);
    }

    [Fact]
    public void Report_MedianNotMean_OneHugeLossDoesNotShieldTheRest()
    {
        StudyDriver study = Of(6);
        List<Trial> trials = study.AssignNew(6);
        double[] values = [1, 1, 1, 1, 1000];
        trials.Take(5).ToList().ForEach(t => Report(study, t, values[t.Number], values[t.Number]));
        study.Report(trials[5], 1, 2);
        study.Report(trials[5], 2, 2).Decisions.ShouldBe([new Decision.Stop(5)]);
    }

    [Theory]
    [InlineData(2.4, false)]
    [InlineData(2.6, true)]
    public void Report_EvenNumberOfOthers_ComparesWithTheMeanOfTheMiddleTwo(double best, bool stops)
    {
        StudyDriver study = Of(7);
        List<Trial> trials = study.AssignNew(7);
        trials.Take(6).ToList().ForEach(t => Report(study, t, t.Number, t.Number)); // 0..5, median 2.5
        study.Report(trials[6], 1, best);
        study.Report(trials[6], 2, best).Decisions.OfType<Decision.Stop>().Any().ShouldBe(stops);
    }

    [Fact]
    public void Report_RunningAverage_IsOverAllEpochsSoFar()
    {
        StudyDriver study = Of(6);
        List<Trial> trials = study.AssignNew(6);
        // Averages at epoch 2: 5 each, although each last value is 1.
        trials.Take(5).ToList().ForEach(t => Report(study, t, 9, 1));
        study.Report(trials[5], 1, 4);
        study.Report(trials[5], 2, 4).Decisions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 5, 4, false)]
    [InlineData(1, 5, 5, true)]
    [InlineData(1, 3, 3, true)]
    [InlineData(2, 5, 5, false)]
    [InlineData(0, 5, 5, true)]
    public void Report_GraceAndMinTrials_AreKept(int grace, int min, int others, bool stops)
    {
        StudyDriver study = Of(6, new() { GraceEpochs = grace, MinTrials = min });
        List<Trial> trials = study.AssignNew(6);
        trials.Take(others).ToList().ForEach(t => Report(study, t, 0, 0));
        bool first = study.Report(trials[5], 1, 1).Decisions.OfType<Decision.Stop>().Any();
        bool second = !first && study.Report(trials[5], 2, 1).Decisions.OfType<Decision.Stop>().Any();
        (first || second).ShouldBe(stops);
        first.ShouldBe(stops && grace == 0);
    }

    [Fact]
    public void Diverge_TakesItsAveragesOut()
    {
        StudyDriver study = Of(7);
        List<Trial> trials = study.AssignNew(7);
        trials.Take(6).ToList().ForEach(t => Report(study, t, 0, 0));
        study.Diverge(trials[0], 3);
        study.Diverge(trials[1], 3);
        study.Report(trials[6], 1, 1);
        study.Report(trials[6], 2, 1).Decisions.ShouldBeEmpty("four others are left");
    }

    [Fact]
    public void Report_Baseline_IsNeverStoppedAndNoOther()
    {
        StudyDriver study = new(Specs.Median(6, 9) with { Dataset = null });
        Trial baseline = study.Assign();
        List<Trial> trials = study.AssignNew(6);
        Report(study, baseline, 0, 0);
        trials.Take(4).ToList().ForEach(t => Report(study, t, 0, 0));
        study.Report(trials[4], 1, 1);
        study.Report(trials[4], 2, 1).Decisions.ShouldBeEmpty("the baseline is not the fifth");
        study.Report(baseline, 3, 100).Decisions.ShouldBeEmpty();
    }

    [Fact]
    public void Report_LastEpoch_IsNeverStopped()
    {
        StudyDriver study = new(Specs.Median(6, 2) with { Baseline = false, Dataset = null });
        List<Trial> trials = study.AssignNew(6);
        trials.Take(5).ToList().ForEach(t => Report(study, t, 0, 0));
        study.Report(trials[5], 1, 1);
        study.Report(trials[5], 2, 1).Decisions.ShouldBeEmpty();
        study.Complete(trials[5], 1);
        trials[5].State.ShouldBe(TrialState.Completed);
    }

    private static void Report(StudyDriver study, Trial trial, double first, double second)
    {
        study.Report(trial, 1, first);
        study.Report(trial, 2, second);
    }

    /// <summary>The averages of a trial end at a gap in its reports that nothing fills any more.</summary>
    [Fact]
    public void Offer_ReportsOvertookOneAnotherBeforeALoss_GoesOnFromTheCheckpoint()
    {
        StudyDriver study = Of(6);
        Trial trial = study.Assign();
        study.Report(trial, 3, 3);
        study.Report(trial, 2, 2, checkpoint: true);
        study.Report(trial, 1, 1);
        (trial.Epochs, trial.CheckpointEpoch, trial.Averaged).ShouldBe((3, 2, 1));
        study.TakeBack(trial);

        study.Assign(trial.Number);

        (trial.FromEpoch, trial.Averaged, trial.AverageSum).ShouldBe((2, 1, 1));
        study.Host.Rankings[1].Count.ShouldBe(1);
    }

    private static StudyDriver Of(int trials, MedianStopping? rule = null)
    {
        StudySpec spec = Specs.Median(trials, 9) with { Baseline = false, Dataset = null };
        return new(rule is null ? spec : spec with { Algorithm = spec.Algorithm with { Stopping = rule } });
    }
}
