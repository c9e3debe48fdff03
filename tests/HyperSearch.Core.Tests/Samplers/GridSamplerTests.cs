using CsCheck;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class GridSamplerTests : HistoryFreeSamplerSuite
{
    protected override string Algorithm => "\"grid\"";

    protected override ISampler Create(StudySpec spec) => SamplerCatalog.Create(spec);

    [Fact]
    public void Propose_TwoLists_IsTheOdometerWithTheLastFastest()
    {
        StudySpec spec = Study(""" "batch_size": [64, 16], "lr_schedule": ["step", "cosine", "linear"] """);
        ISampler grid = Create(spec);
        Enumerable.Range(0, 6).Select(n => grid.Propose(n, TrialHistory.Empty).Cell).ShouldBe([0, 1, 2, 3, 4, 5]);
        All(spec).Select(s => $"{s.BatchSize} {s.LrSchedule}")
            .ShouldBe(["64 Step", "64 Cosine", "64 Linear", "16 Step", "16 Cosine", "16 Linear"]);
    }

    [Theory]
    [InlineData("""{"min": 0, "max": 0.5, "count": 3}""", "0 0.25 0.5")]
    [InlineData("""{"min": 0.1, "max": 0.5, "count": 1}""", "0.3")]
    [InlineData("""{"min": 0.1, "max": 0.4, "count": 4}""", "0.1 0.2 0.3 0.4")]
    [InlineData("""{"min": 0.01, "max": 0.1, "scale": "log", "count": 3}""", "0.01 0.0316227766017 0.1")]
    [InlineData("""{"min": 0.01, "max": 0.09, "scale": "log", "count": 1}""", "0.03")]
    [InlineData("""{"min": 0, "max": 0.3, "step": 0.1}""", "0 0.1 0.2 0.3")]
    [InlineData("""{"min": 0, "max": 0.35, "step": 0.1}""", "0 0.1 0.2 0.3")]
    [InlineData("""{"min": 0.1, "max": 0.7, "step": 0.1}""", "0.1 0.2 0.3 0.4 0.5 0.6 0.7")]
    [InlineData("""{"min": 0.2, "max": 0.3, "step": 0.5}""", "0.2")]
    [InlineData("""{"min": 0.3, "max": 0.3, "count": 5}""", "0.3")]
    [InlineData("""[0.2, 0.1234567890123456]""", "0.2 0.1234567890123456")]
    public void Propose_Floats_ArePoints(string domain, string expected) => Points("dropout", domain).ShouldBe(expected);

    [Theory]
    [InlineData("""{"min": 1, "max": 4}""", "1 2 3 4")]
    [InlineData("""{"min": 1, "max": 10, "count": 4}""", "1 4 7 10")]
    [InlineData("""{"min": 1, "max": 4, "count": 100}""", "1 2 3 4")]
    [InlineData("""{"min": 1, "max": 4, "count": 1}""", "3")]
    [InlineData("""{"min": 1, "max": 100, "scale": "log", "count": 3}""", "1 10 100")]
    [InlineData("""{"min": 1, "max": 8, "scale": "log", "count": 7}""", "1 2 3 4 6 8")]
    [InlineData("""{"min": 2, "max": 16, "scale": "log", "count": 1}""", "6")]
    [InlineData("""{"min": 8, "max": 70, "step": 16}""", "8 24 40 56")]
    [InlineData("""[64.0, 16]""", "64 16")]
    public void Propose_Integers_AreRoundedAwayFromZeroAndDistinct(string domain, string expected) => Points("batch_size", domain).ShouldBe(expected);

    [Fact]
    public void Propose_CellsEqualAfterNormalisation_AreRemovedBeforeNumbering()
    {
        StudySpec spec = Study(""" "momentum": [0.9, 0.5], "optimizer": ["adamw", "sgd"] """);
        ISampler grid = Create(spec);
        spec.Trials.ShouldBe(3);
        All(spec).Select(s => $"{s.Optimizer} {s[HyperparameterCatalog.Momentum]}").ShouldBe(["AdamW ", "Sgd 0.9", "Sgd 0.5"]);
        Enumerable.Range(0, 3).Select(n => grid.Propose(n, TrialHistory.Empty).Cell).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Propose_Truncated_IsTheStartOfTheOrder()
    {
        const string space = """ "batch_size": {"min": 1, "max": 50} """;
        All(Study(space, 7)).ShouldBe(All(Study(space)).Take(7));
    }

    [Fact]
    public void Propose_Shuffled_IsFrozen()
    {
        SearchSpace space = Study(""" "batch_size": {"min": 1, "max": 10} """).Space;
        GridSampler grid = new(space, shuffled: true, seed: 42);
        Enumerable.Range(0, 10).Select(n => grid.Propose(n, TrialHistory.Empty).Cell!.Value).ShouldBe(Golden.ShuffledTen);
    }

    [Fact]
    public void Propose_AnyOrderAndSeed_CoversEveryCellOnce() => Gen.Select(Gen.Long[0, 1L << 40], Gen.Int[1, 12], Gen.Int[1, 9], Gen.Bool)
        .Sample((seed, batches, points, shuffled) =>
        {
            SearchSpace space = Study($$""" "batch_size": {"min": 1, "max": {{batches}}}, "dropout": {"min": 0, "max": 0.9, "count": {{points}}}, "optimizer": ["adamw", "sgd"], "momentum": [0.1, 0.2] """, 1).Space;
            GridSampler grid = new(space, shuffled, seed);
            Proposal[] all = [.. Enumerable.Range(0, grid.Count).Select(n => grid.Propose(n, TrialHistory.Empty))];
            grid.Count.ShouldBe(batches * points * 3);
            all.Select(p => p.Cell!.Value).Order().ShouldBe(Enumerable.Range(0, grid.Count));
            all.Select(p => p.Parameters).Distinct().Count().ShouldBe(grid.Count);
        }, iter: 40);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CellOf_ItsOwnProposals_IsTheirCell(bool shuffled)
    {
        SearchSpace space = Study(""" "learning_rate": {"min": 1e-5, "max": 0.1, "scale": "log", "count": 5}, "batch_size": {"min": 8, "max": 70, "step": 16}, "optimizer": ["sgd", "adamw"], "momentum": [0.1, 0.2] """, 1).Space;
        GridSampler grid = new(space, shuffled, 42);
        for (int n = 0; n < grid.Count; n++)
        {
            Proposal proposal = grid.Propose(n, TrialHistory.Empty);
            grid.CellOf(proposal.Parameters).ShouldBe(proposal.Cell);
        }

        grid.CellOf(space.Constants.With(HyperparameterCatalog.BatchSize, 9).Normalize()).ShouldBeNull();
    }

    [Fact]
    public void Propose_CellEnqueuedBefore_IsSkippedAndTheOthersKeepTheirOrder()
    {
        GridSampler grid = new(Study(""" "batch_size": {"min": 1, "max": 5} """).Space, shuffled: false, seed: 0);
        ParameterSet Cell(int cell) => grid.Propose(cell, TrialHistory.Empty).Parameters;
        TrialHistory history = Histories.Of([Histories.Waiting(1, Cell(3), true), Histories.Waiting(3, Cell(0), true), Histories.Waiting(4, Cell(2), true)]);
        grid.CellOf(Cell(3)).ShouldBe(3);
        ((int[])[0, 2, 5]).Select(n => grid.Propose(n, history).Cell).ShouldBe([0, 1, 4]);
        Should.Throw<ArgumentOutOfRangeException>(() => grid.Propose(6, history));
    }

    [Fact]
    public void Constructor_TooManyCells_Throws()
    {
        SearchSpace space = Study(""" "batch_size": [1] """).Space;
        SearchSpace large = space with
        {
            Domains =
            [
                new ParameterDomain.Ranged(HyperparameterCatalog.BatchSize, 1, 4096, false, null, null),
                new ParameterDomain.Ranged(HyperparameterCatalog.Epochs, 1, 25, false, null, null),
            ],
        };
        Should.Throw<ArgumentException>(() => new GridSampler(large, false, 0));
        SearchSpace continuous = space with { Domains = [new ParameterDomain.Ranged(HyperparameterCatalog.Dropout, 0, 0.5, false, null, null)] };
        Should.Throw<ArgumentException>(() => new GridSampler(continuous, false, 0));
    }

    private string Points(string name, string domain)
    {
        StudySpec spec = Study($"\"{name}\": {domain}");
        Hyperparameter h = HyperparameterCatalog.Find(name)!;
        return string.Join(' ', All(spec).Select(s => ParameterSet.Render(h, s[h])!.ToJsonString()));
    }
}
