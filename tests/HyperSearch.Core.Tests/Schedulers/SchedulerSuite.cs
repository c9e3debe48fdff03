using CsCheck;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Simulation;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Schedulers;

/// <summary>What every scheduler must keep. A new one is tested by a class that only says how to create its algorithm.</summary>
public abstract class SchedulerSuite
{
    /// <summary>The algorithm under test with small options.</summary>
    protected abstract StudyAlgorithm Create();

    [Fact]
    public void Apply_EveryEventTwice_ChangesNothingTheSecondTime()
    {
        StudyDriver study = new(Spec(9, false));
        List<StudyInput> events = [];
        while (study.Host.TryNext(out int? number))
        {
            Trial trial = study.Assign(number);
            List<EpochReport> reports = [.. Enumerable.Range(trial.FromEpoch + 1, trial.ToEpoch - trial.FromEpoch).Select(e => StudyDriver.Metric(e, trial.Number))];
            events.AddRange(reports.Select(r => new StudyInput.Reported(StudyDriver.Fence(trial), r, null)));
            events.Add(new StudyInput.SegmentCompleted(StudyDriver.Fence(trial), reports, new Checkpoint(trial.ToEpoch, $"{trial.Number}/{trial.ToEpoch}"), null, false, 1));
            foreach (StudyInput input in events.TakeLast(reports.Count + 1))
            {
                // A stopping rule may have ended the trial before its last event.
                bool assigned = trial.State.IsAssigned();
                study.Host.Apply(input).Applied.ShouldBe(assigned);
                string after = Snapshot(study);
                study.Host.Apply(input).Decisions.ShouldBeEmpty();
                Snapshot(study).ShouldBe(after);
            }
        }

        study.Study.State.ShouldBe(StudyState.Completed);
        events.ForEach(e => study.Host.Apply(e).Applied.ShouldBeFalse());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Apply_MissingOrDiverged_IsNeverPromoted(bool maximize)
    {
        StudyHost host = SimulatedStudy.Run(new SimulationSettings { Spec = Spec(40, maximize), Missing = 0.3, Divergence = 0.3, Delay = 1, Repeat = 0.2 });
        Ending.Check(host);
        SimulationSettings drawn = new() { Spec = host.Spec, Missing = 0.3 };
        host.Searched.Where(t => t.Rung > 0).ShouldAllBe(t => new DrawnCourse(drawn, t.Number, 1).Report(1).ValLoss != null);
        host.Searched.Where(t => t.Diverged).ShouldAllBe(t => t.State == TrialState.Pruned && t.Value == null);
        host.Searched.Count(t => t.Diverged).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Apply_NothingFinite_EndsAndPromotesNobody()
    {
        StudyDriver study = new(Spec(9, false));
        study.RunAll(_ => null);
        study.Study.State.ShouldBe(StudyState.Completed);
        study.Study.BestNumber.ShouldBeNull();
        study.Host.BeyondRung(0).ShouldBeEmpty();
    }

    [Fact]
    public void Apply_EverythingFails_Ends()
    {
        StudyDriver study = new(Spec(9, false) with { MaxFailedTrials = 100 });
        while (study.Host.Rules.HasNew(study.Study))
        {
            study.Fail(study.Assign());
        }

        (study.Study.State, study.Study.StopReason, study.Study.Failed).ShouldBe((StudyState.Completed, StopReason.Finished, 9));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 8)]
    public void Apply_BothGoals_BestIsTheWinner(bool maximize, int best)
    {
        StudyDriver study = new(Spec(9, maximize));
        study.RunAll(n => n);
        (study.Study.State, study.Study.BestNumber).ShouldBe((StudyState.Completed, best));
        study[best].Epochs.ShouldBe(study[best].FullEpochs);
    }

    [Fact]
    public void Place_AnyNumber_StaysWithinItsFullEpochs() => Gen.Int[0, 1000].Sample(number =>
    {
        StudySpec spec = Spec(1001, false);
        int full = spec.Space.Constants.Epochs;
        Placement place = SchedulerCatalog.Create(spec).Place(number, full);
        place.ToEpoch.ShouldBeInRange(1, full);
    });

    [Fact]
    public void Apply_EqualValues_LowerNumbersGoOn()
    {
        StudyDriver study = new(Spec(9, false));
        study.RunAll(_ => 1);
        study.Study.BestNumber.ShouldBe(0);
        foreach (IGrouping<int?, Trial> bracket in study.Host.Searched.GroupBy(t => t.Bracket))
        {
            bracket.OrderBy(t => t.Number).Select(t => t.Rung).ShouldBe(bracket.Select(t => t.Rung).OrderDescending());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_ThousandTrials_EndsSound(bool maximize)
    {
        StudyHost host = SimulatedStudy.Run(new() { Spec = Spec(1000, maximize), Workers = 16, Recounts = false });

        Ending.Check(host);
        host.Trials.Values.ShouldAllBe(t => t.Epochs <= t.FullEpochs && host.ReportsOf(t.Number).Count() == t.Epochs);
    }

    private StudySpec Spec(int trials, bool maximize) => Specs.For(Create(), trials) with
    {
        Baseline = false,
        Dataset = null,
        Objective = new() { Metric = maximize ? "val_accuracy" : "val_loss", Maximize = maximize },
    };

    private static string Snapshot(StudyDriver study)
    {
        IEnumerable<string> counts = typeof(Study).GetProperties()
            .Where(p => p.Name is not (nameof(Study.Version) or nameof(Study.LastDecision) or nameof(Study.Rungs)))
            .Select(p => $"{p.Name}={p.GetValue(study.Study)}");
        IEnumerable<string> rungs = study.Study.Rungs.SelectMany(r => typeof(Rung).GetProperties().Select(p => $"{p.Name}={p.GetValue(r)}"));
        IEnumerable<string> rows = study.Host.Trials.Values.SelectMany(t => typeof(Trial).GetProperties().Select(p => $"{p.Name}={p.GetValue(t)}"));
        return string.Join('\n', [.. counts, .. rungs, .. rows]);
    }
}
