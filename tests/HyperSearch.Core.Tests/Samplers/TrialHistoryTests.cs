using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class TrialHistoryTests
{
    private static readonly ParameterSet Defaults = ModelFamilyCatalog.Synthetic.Defaults.Normalize();

    [Fact]
    public void IsUsed_ConfigurationOfATrial_IsFromTheNextNumberOn()
    {
        TrialHistory history = Histories.Of([Histories.Waiting(4, Defaults), Histories.Waiting(2, Defaults), Histories.Waiting(3, Defaults)]);
        Enumerable.Range(0, 5).Select(n => history.IsUsed(Defaults, n)).ShouldBe([false, false, false, true, true]);
        history.IsUsed(Defaults.With(HyperparameterCatalog.Dropout, 0.123), 9).ShouldBeFalse();
    }

    [Fact]
    public void IsUsed_EqualAfterNormalisation_IsTheSameConfiguration()
    {
        ParameterSet other = Defaults.With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.AdamW).With(HyperparameterCatalog.Momentum, 0.3).Normalize();
        TrialHistory history = Histories.Of([Histories.Waiting(0, other)]);
        history.IsUsed(other.With(HyperparameterCatalog.Momentum, 0.7).Normalize(), 1).ShouldBeTrue();
    }

    [Fact]
    public void IsUsed_NegativeZero_IsZero()
    {
        TrialHistory history = Histories.Of([Histories.Waiting(0, Defaults.With(HyperparameterCatalog.Dropout, -0.0))]);
        history.IsUsed(Defaults.With(HyperparameterCatalog.Dropout, 0), 1).ShouldBeTrue();
    }

    [Fact]
    public void Update_Baseline_IsIgnored() =>
        Histories.Of([Histories.Waiting(Trial.BaselineNumber, Defaults)]).IsUsed(Defaults, 0).ShouldBeFalse();

    [Fact]
    public void Empty_Twice_AreOfTheirOwn()
    {
        TrialHistory.Empty.Update(Histories.Waiting(0, Defaults));
        TrialHistory.Empty.IsUsed(Defaults, 1).ShouldBeFalse();
    }
}
