using CsCheck;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Tests.SearchSpaces;

public sealed class CellSpaceTests
{
    private static readonly Gen<ParameterDomain?> Momentum = List(HyperparameterCatalog.Momentum, [0, 0.5, 0.9]);
    private static readonly Gen<ParameterDomain?> Warmup = List(HyperparameterCatalog.WarmupRatio, [0, 0.1, 0.2]);
    private static readonly Gen<ParameterDomain?> Unfreeze = List(HyperparameterCatalog.UnfreezeEvery, [0, 1, 2]);
    private static readonly Gen<ParameterDomain?> Optimizer = List(HyperparameterCatalog.Optimizer, [0, 1]);
    private static readonly Gen<ParameterDomain?> Schedule = List(HyperparameterCatalog.LrSchedule, [2, 3, 5]);
    private static readonly Gen<ParameterDomain?> Frozen = List(HyperparameterCatalog.FrozenBlocks, [0, 1, 4]);

    [Fact]
    public void Distinct_AnySpaceInAnyOrder_IsTheNumberOfDifferentConfigurations() =>
        Gen.Select(Gen.Select(Momentum, Warmup, Unfreeze), Gen.Select(Optimizer, Schedule, Frozen), Gen.Int[0, 1000]).Sample((a, b, order) =>
        {
            ParameterDomain?[] all = [a.Item1, b.Item1, a.Item2, b.Item2, a.Item3, b.Item3];
            SearchSpace space = Space([.. all.OfType<ParameterDomain>().OrderBy(d => (d.Hyperparameter.Index + 1) * order % 7)]);
            CellSpace cells = CellSpace.OfGrid(space);
            List<ParameterSet> every = [.. Enumerable.Range(0, (int)cells.Cells!).Select(c => cells.At(c))];
            List<ParameterSet> firsts = [.. Enumerable.Range(0, (int)cells.Cells).Where(c => cells.IsFirst(c)).Select(c => cells.At(c))];
            firsts.ShouldBe(every.Distinct());
            cells.Distinct.ShouldBe(firsts.Count);
            CellSpace.OfRandom(space).Distinct.ShouldBe(firsts.Count);
        }, iter: 200);

    [Fact]
    public void Dependencies_All_AreWhatNormalizeTakesAway()
    {
        ParameterSet every = ModelFamilyCatalog.Convnet.Defaults
            .With(HyperparameterCatalog.Optimizer, 1).With(HyperparameterCatalog.FrozenBlocks, 2).With(HyperparameterCatalog.UnfreezeEvery, 1);
        every.Normalize().ShouldBe(every);
        foreach (Dependency dependency in Dependency.All)
        {
            ParameterSet off = every.With(dependency.Gate, dependency.Off).Normalize();
            HyperparameterCatalog.All.Where(h => off[h] is null).ShouldBe([dependency.Dependent]);
        }
    }

    [Fact]
    public void Cells_MoreThanFitInto64Bits_Saturate()
    {
        SearchSpace space = Space([
            new ParameterDomain.Ranged(HyperparameterCatalog.Dropout, 0, 0.9, false, 1e-10, null),
            new ParameterDomain.Ranged(HyperparameterCatalog.LabelSmoothing, 0, 0.9, false, 1e-10, null),
            new ParameterDomain.Ranged(HyperparameterCatalog.LearningRate, 0.1, 0.9, false, 1e-10, null)]);
        CellSpace.OfRandom(space).Cells.ShouldBe(long.MaxValue);
        CellSpace.OfRandom(space).Distinct.ShouldBe(long.MaxValue);
    }

    private static SearchSpace Space(IEnumerable<ParameterDomain> domains) => new() { Domains = [.. domains], Constants = ModelFamilyCatalog.Convnet.Defaults };

    // Absent, or a part of the values that keeps their order.
    private static Gen<ParameterDomain?> List(Hyperparameter h, double[] values) => Gen.Int[0, (1 << values.Length) - 1].Select(bits => bits == 0
        ? null
        : (ParameterDomain?)new ParameterDomain.Listed(h, [.. values.Where((_, i) => (bits & (1 << i)) != 0)]));
}
