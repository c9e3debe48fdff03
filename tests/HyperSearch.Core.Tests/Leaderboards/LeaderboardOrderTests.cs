using CsCheck;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Tests.Simulation;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Leaderboards;

public sealed class LeaderboardOrderTests
{
    [Fact]
    public void Ranked_EveryKind_FiniteThenCompletedThenRungThenValueThenNumber()
    {
        StudyDriver study = new(Specs.Halving(6, 1, 9) with { Baseline = false, Dataset = null });
        List<Trial> trials = study.AssignNew(6);
        study.Diverge(trials[0], 1);
        study.Complete(trials[1], 0.9);
        study.Complete(trials[2], 0.3);
        study.Complete(trials[3], 0.9);
        study.Complete(trials[4], 0.2);
        study.Fail(trials[5]);
        Ranks(study).ShouldBe([4, 2, 1, 3, 0, 5]);
        study.Complete(study.Assign(2), 0.8);
        study.Complete(study.Assign(4), 0.7);
        study.Complete(study.Assign(4), 0.7);
        Ranks(study).ShouldBe([4, 2, 1, 3, 0, 5]);
        trials[4].State.ShouldBe(TrialState.Completed);
    }

    [Fact]
    public void Ranked_CompletedIsWorse_StillBeforeOthers()
    {
        StudyDriver study = new(Specs.Random(3) with { Baseline = false, Dataset = null });
        List<Trial> trials = study.AssignNew(3);
        study.Report(trials[0], 1, 0.1);
        study.Complete(trials[1], 0.9);
        study.Complete(trials[2], (double?)null);
        Ranks(study).ShouldBe([1, 0, 2]);
    }

    [Fact]
    public void Ranked_Maximize_HigherFirst()
    {
        StudyDriver study = new(Specs.Random(3) with { Dataset = null, Objective = new() { Metric = "val_accuracy", Maximize = true } });
        study.RunAll(n => n == 1 ? 0.9 : 0.5);
        Ranks(study).ShouldBe([1, -1, 0, 2]);
    }

    [Fact]
    public void Ranked_AnyStudy_BestIsItsFirstCompletedSearchedRow() => Gen.Select(Gen.Long[0, 1L << 40], Gen.Int[1, 20], Gen.Bool).Sample(
        (seed, trials, ladder) =>
        {
            StudyHost host = SimulatedStudy.Run(new SimulationSettings
            {
                Spec = ladder ? Specs.Halving(trials, 1, 9) : Specs.Random(trials),
                Seed = seed,
                Failure = 0.2,
                Missing = 0.2,
                Divergence = 0.2,
                Recounts = false,
            });
            Trial? first = host.Searched.AsQueryable().Ranked().FirstOrDefault();
            host.Study.BestNumber.ShouldBe(first is { State: TrialState.Completed, Loss: not null } ? first.Number : null);
        },
        iter: 50);

    private static IEnumerable<int> Ranks(StudyDriver study) => study.Host.Trials.Values.AsQueryable().Ranked().Select(t => t.Number);
}
