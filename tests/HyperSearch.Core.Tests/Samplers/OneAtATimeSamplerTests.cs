using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class OneAtATimeSamplerTests : HistoryFreeSamplerSuite
{
    protected override string Algorithm => "\"one_at_a_time\"";

    protected override bool TakesDefaults => true;

    protected override ISampler Create(StudySpec spec) => SamplerCatalog.Create(spec);

    protected override List<ParameterSet> Distinct(StudySpec spec)
    {
        List<ParameterSet> all = [spec.Space.Constants.Normalize()];
        foreach (ParameterDomain domain in spec.Space.Domains)
        {
            SearchSpace alone = spec.Space with { Domains = [domain] };
            CellSpace cells = CellSpace.OfGrid(alone);
            all.AddRange(Enumerable.Range(0, (int)cells.Cells!).Select(c => cells.At(c)));
        }

        return [.. all.Distinct()];
    }

    [Fact]
    public void Propose_Defaults_ComeFirstThenEachParameterInDeclaredOrder()
    {
        StudySpec spec = Study(""" "batch_size": [16, 32, 64], "dropout": {"min": 0, "max": 0.2, "step": 0.1}, "lr_schedule": ["step", "cosine"] """);
        spec = spec with
        {
            Space = spec.Space with
            {
                Constants = spec.Space.Constants.With(HyperparameterCatalog.BatchSize, 32)
                    .With(HyperparameterCatalog.Dropout, 0.1).With(HyperparameterCatalog.LrSchedule, (int)LearningRateScheduleKind.Cosine),
            },
            Trials = 6,
        };
        All(spec).Select(s => $"{s.BatchSize} {s.Dropout} {s.LrSchedule}")
            .ShouldBe(["32 0.1 Cosine", "16 0.1 Cosine", "64 0.1 Cosine", "32 0 Cosine", "32 0.2 Cosine", "32 0.1 Step"]);
        new OneAtATimeSampler(spec.Space).Count.ShouldBe(6);
        SamplerCatalog.DistinctConfigurations(spec.Space, "one_at_a_time").ShouldBe(6);
    }

    [Fact]
    public void Propose_DefaultThatIsNoGridPoint_TakesAllPoints()
    {
        StudySpec spec = Study(""" "batch_size": [17, 19, 23] """);
        spec.Trials.ShouldBe(4);
        All(spec).Select(s => s.BatchSize).ShouldBe([spec.Space.Constants.BatchSize, 17, 19, 23]);
    }

    [Fact]
    public void Propose_LogRangeThroughTheDefault_DoesNotRunItAgain()
    {
        StudySpec spec = Study(""" "learning_rate": {"min": 1e-5, "max": 1e-1, "scale": "log", "count": 5} """);
        StudySpec centred = spec with { Space = spec.Space with { Constants = spec.Space.Constants.With(HyperparameterCatalog.LearningRate, 1e-3) }, Trials = 5 };
        All(centred).Select(s => s.LearningRate).ShouldBe([1e-3, 1e-5, 1e-4, 1e-2, 1e-1]);
    }

    [Fact]
    public void Propose_ParameterWithoutMeaningAtTheDefaults_IsLeftOut()
    {
        StudySpec spec = Study(""" "momentum": [0.1, 0.5], "optimizer": ["adamw", "sgd"] """);
        spec = spec with { Space = spec.Space with { Constants = spec.Space.Constants.With(HyperparameterCatalog.Optimizer, (int)OptimizerKind.AdamW) }, Trials = 2 };
        new OneAtATimeSampler(spec.Space).Count.ShouldBe(2);
        All(spec).Select(s => s.Optimizer).ShouldBe([OptimizerKind.AdamW, OptimizerKind.Sgd]);
    }

    [Fact]
    public void Propose_AnyNumber_DiffersFromTheDefaultsInOneParameter()
    {
        List<ParameterSet> all = All(Study(""" "batch_size": {"min": 1, "max": 9}, "dropout": {"min": 0, "max": 0.9, "count": 7}, "epochs": {"min": 1, "max": 5} """));
        foreach (ParameterSet set in all.Skip(1))
        {
            HyperparameterCatalog.All.Count(h => set[h] != all[0][h]).ShouldBe(1);
        }
    }

    [Fact]
    public void CellOf_ItsOwnProposals_IsTheirCell()
    {
        SearchSpace space = Study(""" "batch_size": [17, 19, 23], "dropout": {"min": 0, "max": 0.9, "count": 7} """).Space;
        OneAtATimeSampler sampler = new(space);
        Enumerable.Range(0, sampler.Count).Select(n => sampler.CellOf(sampler.Propose(n, TrialHistory.Empty).Parameters)).ShouldBe(Enumerable.Range(0, sampler.Count).Select(n => (int?)n));
        sampler.CellOf(space.Constants.With(HyperparameterCatalog.BatchSize, 18).Normalize()).ShouldBeNull();
    }

    [Fact]
    public void Validate_CellsOfManyParameters_AreAddedNotMultiplied()
    {
        const string large = """ "batch_size": {"min": 1, "max": 4096}, "epochs": {"min": 1, "max": 25} """;
        new OneAtATimeSampler(Study(large, 100_000).Space).Count.ShouldBeInRange(4_096 + 24, 4_096 + 26);
        const string tooLarge = """ "dropout": {"min": 0, "max": 0.5, "count": 60000}, "warmup_ratio": {"min": 0, "max": 0.5, "count": 60000} """;
        ValidationError error = Requests.Validate(Requests.With($$""" "algorithm": "one_at_a_time", "search_space": { {{tooLarge}} } """)).Errors.ShouldHaveSingleItem();
        error.Code.ShouldBe("space-too-large");
        error.Detail.ShouldContain("1 (baseline) + 60,000 (dropout) + 60,000 (warmup_ratio) = 120,001");
    }

    [Fact]
    public void Validate_FloatRangeWithoutPoints_IsReported() =>
        Requests.Validate(Requests.With(""" "algorithm": "one_at_a_time", "search_space": {"dropout": {"min": 0, "max": 0.5}} """))
            .Errors.Select(e => (e.Pointer, e.Code)).ShouldBe([("/search_space/dropout", "needs-points")]);

    [Fact]
    public void Constructor_FloatRangeWithoutPoints_Throws()
    {
        SearchSpace space = Study(""" "batch_size": [17] """).Space;
        Should.Throw<ArgumentException>(() => new OneAtATimeSampler(space with { Domains = [new ParameterDomain.Ranged(HyperparameterCatalog.Dropout, 0, 0.5, false, null, null)] }));
    }
}
