using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class EnqueueTests
{
    private const string Around = "\"algorithm\": \"one_at_a_time\", \"search_space\": {\"batch_size\": [16, 32, 64], \"dropout\": [0, 0.5]}";

    [Fact]
    public void EnqueueClosed_OneAtATime_WaitsForItsBaseline()
    {
        StudyDriver study = new(Requests.Valid(Requests.With(Around)));
        study.Host.Rules.EnqueueClosed(study.Study).ShouldNotBeNull();
        Enqueue(study, 0.25).Applied.ShouldBeFalse();

        study.Assign().Parameters.ShouldBe(study.Host.Spec.Space.Constants.Normalize());

        study.Host.Rules.EnqueueClosed(study.Study).ShouldBeNull();
        Enqueue(study, 0.25).Applied.ShouldBeTrue();
    }

    [Fact]
    public void Enqueue_OneOfTheConfigurations_TakesItsCell()
    {
        StudyDriver study = new(Requests.Valid(Requests.With(Around)));
        int trials = study.Study.Trials;
        study.Assign();

        Trial enqueued = Enqueue(study, 0.5).Created.ShouldNotBeNull();

        enqueued.Cell.ShouldNotBeNull();
        study.Study.Trials.ShouldBe(trials);
        study.RunAll(n => n);
        study.Host.Searched.Select(t => t.Cell!.Value).Order().ShouldBe(Enumerable.Range(0, trials));
    }

    [Fact]
    public void Next_EnqueuedBeforeTheFirstSlot_TheBaselineStillComesFirst()
    {
        StudyDriver study = new(Specs.Random(3));
        Enqueue(study, 0.25).Created!.Number.ShouldBe(0);

        study.Host.TryNext(out int? first).ShouldBeTrue();
        first.ShouldBeNull();
        study.Assign(first).IsBaseline.ShouldBeTrue();
        study.Host.TryNext(out int? second).ShouldBeTrue();
        second.ShouldBe(0);
    }

    [Fact]
    public void Enqueue_UntilTheFirstRungHasDecided_RaisesWhatItStartsWith()
    {
        StudyDriver study = new(Specs.Halving(5, 1, 2, 2) with { Baseline = false, Dataset = null });
        study.AssignNew(4).ForEach(t => study.Complete(t, t.Number));
        Trial last = study.Assign();
        Enqueue(study, 0.25).Created!.Number.ShouldBe(5);
        study.Complete(last, last.Number);
        study.Host.Searched.Count(t => t.State == TrialState.Paused).ShouldBe(5, "the rung waits for the sixth");

        study.Complete(study.Assign(5), -1);

        // floor(6 / 2) and not floor(5 / 2).
        study.Host.Searched.Where(t => t.State == TrialState.Waiting).Select(t => t.Number).ShouldBe([0, 1, 5]);
        study.Host.Rules.EnqueueClosed(study.Study).ShouldNotBeNull();
        Enqueue(study, 0.125).Applied.ShouldBeFalse();
    }

    [Fact]
    public void Enqueue_UnderAsha_IsOpenAsLongAsItSearches()
    {
        StudyDriver study = new(Specs.Asha(3, 1, 3) with { Baseline = false, Dataset = null });
        study.AssignNew(3).ForEach(t => study.Complete(t, t.Number));
        study.Assign(0).Rung.ShouldBe(1);

        Enqueue(study, 0.25).Created!.Number.ShouldBe(3);

        study.Study.Trials.ShouldBe(4);
        study.Host.TryNext(out int? next).ShouldBeTrue();
        next.ShouldBe(3);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("sobol")]
    [InlineData("grid")]
    [InlineData("tpe")]
    public void Enqueue_WhatTheSamplerWouldProposeNext_IsNotProposedAgain(string sampler)
    {
        const string Space = "\"search_space\": {\"batch_size\": [16, 32, 64], \"dropout\": [0, 0.25, 0.5]}, \"max_trials\": 9, \"baseline\": false";
        StudyDriver study = new(Requests.Valid(Requests.With($"\"algorithm\": \"{sampler}\", {Space}")));
        StudyDriver alone = new(study.Host.Spec);
        ParameterSet next = alone.AssignNew(2)[1].Parameters;
        study.Complete(study.Assign(), 1);

        study.Host.Apply(new StudyInput.Enqueued(next)).Created!.Parameters.ShouldBe(next);
        study.RunAll(n => n);

        study.Host.Searched.Select(t => t.Parameters).Distinct().Count().ShouldBe(9);
        (study.Study.Created, study.Study.StopReason).ShouldBe((9, StopReason.SpaceExhausted));
    }

    private static StudyOutcome Enqueue(StudyDriver study, double dropout) =>
        study.Host.Apply(new StudyInput.Enqueued(study.Host.Spec.Space.Constants.With(HyperparameterCatalog.Dropout, dropout).Normalize()));
}
