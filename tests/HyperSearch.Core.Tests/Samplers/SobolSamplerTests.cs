using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class SobolSamplerTests : HistoryFreeSamplerSuite
{
    private const string Pair = """ "learning_rate": {"min": 1e-4, "max": 1e-1, "scale": "log"}, "dropout": {"min": 0, "max": 0.5} """;

    protected override string Algorithm => "\"sobol\"";

    protected override ISampler Create(StudySpec spec) => SamplerCatalog.Create(spec);

    [Fact]
    public void Propose_LargeSpace_IsFrozen() => All(Study(Golden.DrawnSpace, 4, 42))
        .Select(s => $"{s.LearningRate} {s.BatchSize} {s.Dropout} {s.WeightDecay} {s.LrSchedule} {s.FrozenBlocks}").ShouldBe(Golden.Sobol);

    [Fact]
    public void Propose_PowersOfTwo_FillsEveryElementaryRectangle()
    {
        List<ParameterSet> all = All(Study(Pair, 256));
        for (int m = 0; m <= 8; m++)
        {
            for (int wide = 0; wide <= m; wide++)
            {
                all.Take(1 << m)
                    .Select(s => ((int)((Math.Log10(s.LearningRate) + 4) / 3 * (1 << wide)), (int)(s.Dropout / 0.5 * (1 << (m - wide)))))
                    .Distinct().Count().ShouldBe(1 << m);
            }
        }
    }

    [Fact]
    public void Propose_ListsAndIntegers_TakesEveryValueEquallyOften()
    {
        List<ParameterSet> all = All(Study(Golden.DrawnSpace, 1_024));
        all.CountBy(s => s.FrozenBlocks).Select(c => c.Value).ShouldBe([256, 256, 256, 256]);
        all.CountBy(s => s.BatchSize).ShouldAllBe(c => c.Value >= 341 && c.Value <= 342);
        all.CountBy(s => s.LrSchedule).ShouldAllBe(c => c.Value >= 341 && c.Value <= 342);
    }

    [Fact]
    public void Propose_ManySeeds_IsUniformAtEveryNumber() =>
        Statistics.ShouldBeUniform(Enumerable.Range(0, 4_000).Select(seed => All(Study(Pair, 2, seed))[1].Dropout / 0.5));

    [Fact]
    public void Propose_AnIntegral_HasMuchLessErrorThanRandom()
    {
        double sobol = Error("sobol");
        double random = Error("random");
        sobol.ShouldBeLessThan(random / 5);
    }

    [Fact]
    public void Propose_MoreThanTheDistinctPoints_DrawsAgainAndThenTakesTheRest()
    {
        StudySpec spec = Study(""" "batch_size": {"min": 1, "max": 2000, "scale": "log"} """, 2_000);
        spec.Trials.ShouldBe(2_000);
        All(spec).Select(s => s.BatchSize).Order().ShouldBe(Enumerable.Range(1, 2_000));
    }

    [Fact]
    public void Propose_PointThatIsEnqueuedBefore_IsDrawnAgainAndTheOthersStay()
    {
        StudySpec spec = Study(Pair, 20);
        List<ParameterSet> without = All(spec);
        TrialHistory history = Histories.Of([Histories.Waiting(3, without[7], true)]);
        ISampler sampler = Create(spec);
        ParameterSet again = sampler.Propose(7, history).Parameters;
        CellSpace cells = CellSpace.OfRandom(spec.Space);
        again.ShouldBe(cells.Of(i => cells.Axes[i].Draw(StableMix.Hash(spec.Seed, cells.Axes[i].Hyperparameter.Name, 7, 1))));
        Enumerable.Range(8, 12).Select(n => sampler.Propose(n, history).Parameters).ShouldBe(without.Skip(8));
    }

    // The mean of (1 + (u - 1/2)) (1 + (v - 1/2)) over 256 points; its integral is 1.
    private double Error(string sampler) => Math.Sqrt(Enumerable.Range(0, 30).Average(seed =>
    {
        StudySpec spec = Study(Pair, 256, seed);
        spec = spec with { Algorithm = spec.Algorithm with { Sampler = sampler } };
        return Math.Pow(All(spec).Average(s => (0.5 + (Math.Log10(s.LearningRate) + 4) / 3) * (0.5 + s.Dropout / 0.5)) - 1, 2);
    }));
}
