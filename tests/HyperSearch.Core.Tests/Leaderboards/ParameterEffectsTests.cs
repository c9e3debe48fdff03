using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;

namespace HyperSearch.Core.Tests.Leaderboards;

public sealed class ParameterEffectsTests
{
    // The defaults: learning rate 0.001, batch size 32, adamw, for which momentum has no meaning.
    private static readonly StudySpec Spec = Requests.Valid(Requests.With("""
        "algorithm": "one_at_a_time",
        "search_space": {"learning_rate": [0.01, 0.001, 0.0001], "batch_size": [16, 64], "momentum": [0.5, 0.9]}
        """));

    [Fact]
    public void Of_CompletedTrials_IsTheDifferenceToTheDefaults()
    {
        (int, ParameterSet, double?)[] trials = Trials([1, 0.5, 3, 1.25, null]);

        ParameterEffect[] effects = [.. ParameterEffects.Of(Spec, trials)];

        effects.Select(e => e.Hyperparameter).ShouldBe([HyperparameterCatalog.LearningRate, HyperparameterCatalog.BatchSize, HyperparameterCatalog.Momentum]);
        effects[0].Values.ShouldBe([new(0.01, 1, 0.5, 0.5), new(0.001, 0, 1, 0), new(0.0001, 2, 3, -2)]);
        effects[0].Spread.ShouldBe(2.5);
        effects[1].Values.ShouldBe([new(32, 0, 1, 0), new(16, 3, 1.25, -0.25), new(64, 4, null, null)]);
        effects[1].Spread.ShouldBe(0.25);
        effects[2].Values.ShouldBe([new(0.5, 0, 1, 0), new(0.9, 0, 1, 0)]);
    }

    [Fact]
    public void Of_MaximizedMetric_IsPositiveWhereLarger()
    {
        StudySpec accuracy = Spec with { Objective = new() { Metric = "val_accuracy", Maximize = true } };

        ParameterEffects.Of(accuracy, Trials([0.5, 0.75, 0.25, 0, 0]))[0].Values.Select(v => v.Delta).ShouldBe([0.25, 0, -0.25]);
    }

    [Fact]
    public void Of_StudyThatHasJustBegun_HasTheValuesWithoutTrials()
    {
        ParameterEffects.Of(Spec, []).ShouldAllBe(e => e.Spread == null && e.Values.All(v => v.Number == null && v.Metric == null && v.Delta == null));
        ParameterEffect one = ParameterEffects.Of(Spec, Trials([null, 0.5]))[0];
        one.Values.ShouldBe([new(0.01, 1, 0.5, null), new(0.001, 0, null, null), new(0.0001, null, null, null)]);
        one.Spread.ShouldBeNull();
    }

    private static (int, ParameterSet, double?)[] Trials(double?[] values)
    {
        ISampler sampler = SamplerCatalog.Create(Spec);
        return [.. values.Select((value, number) => (number, sampler.Propose(number, TrialHistory.Empty).Parameters, value))];
    }
}
