using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyConfirmationTests
{
    [Fact]
    public void Settle_SearchIsOver_RunsTheBestAndTheBaselineAgainInFullWithTheSameFreshSeeds()
    {
        StudyDriver study = Searched(Specs.Random(4) with { Confirm = new(2, 3) }, n => n);
        (study.Study.State, study.Study.Confirmation, study.Study.ConfirmationsOpen).ShouldBe((StudyState.Running, ConfirmationPhase.Running, 9));
        List<Trial> runs = [.. study.Host.Trials.Values.Where(t => t.Confirms is not null)];
        runs.Select(r => r.Confirms).ShouldBe([0, 0, 0, 1, 1, 1, -1, -1, -1]);
        runs.Select(r => r.Number).ShouldBe(Enumerable.Range(4, 9));
        runs.Take(3).Select(r => r.Seed).ShouldBe(ConfirmationSeeds.Of(study.Host.Spec.Seed, 3));
        runs.Chunk(3).ShouldAllBe(c => c.Select(r => r.Seed).SequenceEqual(runs.Take(3).Select(r => r.Seed)));
        runs.ShouldAllBe(r => r.FullEpochs == 3 && r.ToEpoch == 3 && r.Parameters.Equals(study[r.Confirms!.Value].Parameters));
        (study.Study.Created, study.Study.Waiting, study.Study.Completed).ShouldBe((4, 0, 4));
    }

    [Fact]
    public void Rank_AllRunsEnded_ScoresTheRunNearestTheMeanOfTheBest()
    {
        StudyDriver study = Searched(Specs.Random(4) with { Confirm = new(2, 3) }, n => n);
        // Trial 1 turns out better than trial 0; its middle run is nearest its mean.
        Dictionary<int, double[]> values = new() { [0] = [5, 6, 7], [1] = [1, 3.1, 5], [-1] = [8.1, 7, 9] };
        Confirm(study, (of, i) => values[of][i]);
        study.Study.Confirmation.ShouldBe(ConfirmationPhase.Done);
        (study.Study.BestNumber, study.Study.ModelNumber, study.Study.BaselineModelNumber).ShouldBe((1, 8, 10));
        study.Study.Scoring.ShouldBeTrue();
        study.Host.Evaluations.Keys.ShouldBe([8, 10]);
        StudyRules.Confirmed(study.Study).Select(c => c.Number).ShouldBe([1, 0, -1]);
        study.Score(10, 0.9);
        study.Score(8, 0.5);
        (study.Study.State, study.Study.BeatsBaseline, study.Study.TestValue, study.Study.TestBaselineValue).ShouldBe((StudyState.Completed, true, 0.5, 0.9));
    }

    [Fact]
    public void Rank_ValidationExamplesKnown_TellsTheStandardErrorOfValidation()
    {
        StudySpec spec = Specs.Random(4) with { Confirm = new(1, 3), Objective = new Objective { Metric = "val_accuracy", Maximize = true } };
        StudyDriver study = new(spec);
        while (study.Host.TryNext(out int? number))
        {
            Trial run = study.Assign(number);
            study.Host.Apply(new StudyInput.Started(new(run.Number, run.Attempt, StudyDriver.Worker), new TrialFacts { Threads = 1, ValidationExamples = 400 }));
            study.Complete(run, Enumerable.Range(1, 3).Select(e => new EpochReport { Epoch = e, ValAccuracy = run.IsBaseline ? 0.5 : 0.8 }));
        }

        ConfirmedCandidate winner = StudyRules.Confirmed(study.Study)[0];
        winner.Confirmation.StandardErrorOfValidation.ShouldNotBeNull().ShouldBe(Math.Sqrt(0.8 * 0.2 / 400), 1e-12);
    }

    [Fact]
    public void Rank_CandidateWithAFailedRun_IsLast()
    {
        StudyDriver study = Searched(Specs.Random(4) with { Confirm = new(2, 3), MaxFailedTrials = 9 }, n => n);
        while (study.Host.TryNext(out int? number))
        {
            Trial run = study.Assign(number);
            if (run.Confirms == 0 && run.Seed == study[4].Seed)
            {
                study.Fail(run);
            }
            else
            {
                study.Complete(run, run.Confirms == 0 ? 0 : 10 + run.Number);
            }
        }

        StudyRules.Confirmed(study.Study).Select(c => c.Number).ShouldBe([1, -1, 0]);
        study.Study.BestNumber.ShouldBe(1);
    }

    [Fact]
    public void Confirm_RunsCountInBudgetsAndNothingElse()
    {
        StudySpec spec = Specs.Halving(9, 1, 9) with { Confirm = new(1, 3), Dataset = null };
        StudyDriver study = Searched(spec, n => n);
        long search = study.Study.EpochsExecuted;
        Confirm(study, (of, i) => i);
        (study.Study.State, study.Study.StopReason).ShouldBe((StudyState.Completed, StopReason.Finished));
        study.Study.EpochsExecuted.ShouldBe(search + (2 * 3 * 9));
        (study.Study.Completed, study.Study.Pruned, study.Study.Created).ShouldBe((1, 8, 9));
    }

    [Fact]
    public void Confirm_RunsWhateverTheirValues_AreNeitherBestNorCountForTargetAndPatience()
    {
        StudyDriver study = Searched(Specs.Random(4) with { Confirm = new(1, 3), Dataset = null, Target = -1, PatienceTrials = 5 }, n => n);
        foreach (double value in new double[] { 5, -2, 6, 7, 8 })
        {
            study.Host.TryNext(out int? number).ShouldBeTrue();
            study.Complete(study.Assign(number), value);
            (study.Study.State, study.Study.BestNumber, study.Study.BestLoss, study.Study.SinceBest).ShouldBe((StudyState.Running, 0, 0, 3));
        }
    }

    [Theory]
    [InlineData(StopReason.MaxEpochsTotal)]
    [InlineData(StopReason.UserStop)]
    public void EndSearch_BudgetIsUsedUpOrUserStops_ConfirmsNothing(StopReason reason)
    {
        StudyDriver study = new(Specs.Random(4) with { Confirm = new(2, 3), Dataset = null, Baseline = false, MaxEpochsTotal = reason == StopReason.MaxEpochsTotal ? 6 : null });
        study.Complete(study.Assign(), 1);
        study.Complete(study.Assign(), 2);
        if (reason == StopReason.UserStop)
        {
            study.Give(StudyVerb.Stop);
        }
        else
        {
            study.Host.Offer(StudyDriver.Worker);
        }

        (study.Study.StopReason, study.Study.Confirmation).ShouldBe((reason, ConfirmationPhase.None));
        study.Study.State.IsFinal().ShouldBeTrue();
    }

    [Fact]
    public void Obey_StopDuringTheConfirmation_RanksWhatIsThere()
    {
        StudyDriver study = Searched(Specs.Random(4) with { Confirm = new(2, 3), Dataset = null }, n => n);
        Trial run = study.Assign(4);
        study.Give(StudyVerb.Stop);
        study.Complete(run, 1);
        (study.Study.State, study.Study.StopReason, study.Study.ModelNumber).ShouldBe((StudyState.Completed, StopReason.Finished, 4));
        study.Host.Trials.Values.Count(t => t.State == TrialState.Cancelled).ShouldBe(8);
    }

    [Fact]
    public void Enqueue_DuringTheConfirmation_IsClosed()
    {
        StudyDriver study = Searched(Specs.Random(4) with { Confirm = new(2, 3) }, n => n);
        study.Host.Rules.EnqueueClosed(study.Study).ShouldNotBeNull();
        study.Host.Rules.RaiseClosed(study.Study).ShouldNotBeNull();
        StudyRules.Check(study.Study, study[0], TrialVerb.Cancel).ShouldBe(VerbOutcome.Illegal);
        StudyRules.Check(study.Study, study[4], TrialVerb.Cancel).ShouldBe(VerbOutcome.Changed);
    }

    [Fact]
    public void Replay_OfAConfirmedStudy_GivesTheSameDecisions()
    {
        StudyDriver study = Searched(Specs.Asha(9, 1, 9) with { Confirm = new(2, 3), Dataset = null }, n => n);
        Confirm(study, (of, i) => of + i);
        study.Study.State.ShouldBe(StudyState.Completed);
        HyperSearch.Core.Simulation.DecisionReplay.Run(study.Host.Spec, 5, study.Host.Log).ShouldBeNull();
    }

    private static StudyDriver Searched(StudySpec spec, Func<int, double?> values)
    {
        StudyDriver study = new(spec);
        while (study.Study.Confirmation == ConfirmationPhase.None && study.Host.TryNext(out int? number))
        {
            Trial trial = study.Assign(number);
            study.Complete(trial, trial.IsBaseline ? 9 : values(trial.Number));
        }

        return study;
    }

    private static void Confirm(StudyDriver study, Func<int, int, double> values)
    {
        long[] seeds = [.. ConfirmationSeeds.Of(study.Host.Spec.Seed, study.Host.Spec.Confirm!.Seeds)];
        while (study.Host.TryNext(out int? number))
        {
            Trial run = study.Assign(number);
            study.Complete(run, values(run.Confirms!.Value, Array.IndexOf(seeds, run.Seed)));
        }
    }
}
