using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;

namespace HyperSearch.Core.Tests.Samplers;

/// <summary>What every sampler must hold. A new one adds a class with one Create.</summary>
public abstract class SamplerSuite
{
    private const string Everything = """
        "learning_rate": {"min": 1e-5, "max": 1e-1, "scale": "log", "count": 4}, "batch_size": [16, 32, 64],
        "dropout": {"min": 0.05, "max": 0.5, "step": 0.1}, "frozen_blocks": {"min": 0, "max": 4},
        "optimizer": ["adamw", "sgd"], "momentum": [0.5, 0.9], "lr_schedule": ["cosine", "one_cycle"],
        "warmup_ratio": [0, 0.1], "unfreeze_every": {"min": 0, "max": 2}
        """;

    public static TheoryData<string> Spaces => new(
        Everything,
        """ "batch_size": {"min": 1, "max": 4096, "scale": "log", "count": 12} """,
        """ "dropout": {"min": 0.1, "max": 0.9, "step": 0.2} """,
        """ "optimizer": ["adamw"], "momentum": [0, 0.5, 0.9] """,
        """ "frozen_blocks": [0, 1], "unfreeze_every": [0, 1, 2, 3] """,
        """ "learning_rate": {"min": 1e-3, "max": 1e-3, "count": 3} """,
        """ "dropout": 0.3 """,
        "");

    /// <summary>The sampler of a study whose space has points for a grid.</summary>
    protected abstract ISampler Create(StudySpec spec);

    /// <summary>The algorithm of requests for this sampler.</summary>
    protected abstract string Algorithm { get; }

    protected StudySpec Study(string space, int trials = 300, long seed = 7) => Requests.Valid(
        $$"""{"name": "a", "model": "synthetic", "algorithm": {{Algorithm}}, "search_space": { {{space}} }, "max_trials": {{trials}}, "seed": {{seed}} }""");

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_AnyNumber_IsInBoundsAndOnStep(string space)
    {
        StudySpec spec = Study(space);
        foreach (ParameterSet set in All(spec))
        {
            foreach (Hyperparameter h in HyperparameterCatalog.All)
            {
                if (set[h] is { } value)
                {
                    h.IsValid(value, h == HyperparameterCatalog.FrozenBlocks ? 4 : null).ShouldBeTrue($"{h} = {value}");
                    (Domain(spec, h) is { } domain ? IsIn(domain, value) : value == spec.Space.Constants[h]).ShouldBeTrue($"{h} = {value}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_AllNumbers_NeverRepeats(string space)
    {
        List<ParameterSet> all = All(Study(space));
        all.Distinct().Count().ShouldBe(all.Count);
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_AnyNumber_IsNormalised(string space) => All(Study(space)).ShouldAllBe(s => s.Equals(s.Normalize()));

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_SameSeedAnyOrder_GivesSameValues(string space)
    {
        StudySpec spec = Study(space);
        List<ParameterSet> forwards = All(spec);
        ISampler other = Create(spec);
        List<ParameterSet> backwards = [.. Enumerable.Range(0, spec.Trials).Reverse().Select(n => other.Propose(n).Parameters).Reverse()];
        backwards.ShouldBe(forwards);
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_Anything_DoesNotChangeTheStudy(string space)
    {
        StudySpec spec = Study(space);
        string before = StudySpecJson.To(spec).ToJsonString();
        All(spec);
        StudySpecJson.To(spec).ToJsonString().ShouldBe(before);
    }

    [Fact]
    public void Propose_NumberOutsideTheStudy_Throws()
    {
        ISampler sampler = Create(Study(""" "batch_size": [16, 32] """));
        Should.Throw<ArgumentOutOfRangeException>(() => sampler.Propose(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => sampler.Propose(2));
    }

    [Fact]
    public void Propose_GeneratedFloats_HaveTwelveDigits()
    {
        foreach (ParameterSet set in All(Study(Everything)))
        {
            TwelveDigits.Round(set.LearningRate).ShouldBe(set.LearningRate);
            TwelveDigits.Round(set.Dropout).ShouldBe(set.Dropout);
        }
    }

    [Fact]
    public async Task Propose_ManyThreads_GivesSameValues()
    {
        StudySpec spec = Study(Everything);
        List<ParameterSet> expected = All(spec);
        ISampler shared = Create(spec);
        ParameterSet[] actual = new ParameterSet[spec.Trials];
        await Parallel.ForAsync(0, spec.Trials, TestContext.Current.CancellationToken, (n, _) =>
        {
            actual[n] = shared.Propose(n).Parameters;
            return ValueTask.CompletedTask;
        });
        actual.ShouldBe(expected);
    }

    protected List<ParameterSet> All(StudySpec spec)
    {
        ISampler sampler = Create(spec);
        return [.. Enumerable.Range(0, spec.Trials).Select(n => sampler.Propose(n).Parameters)];
    }

    private static ParameterDomain? Domain(StudySpec spec, Hyperparameter h) => spec.Space.Domains.FirstOrDefault(d => d.Hyperparameter == h);

    private static bool IsIn(ParameterDomain domain, double value) => domain switch
    {
        ParameterDomain.Listed list => list.Values.Contains(value),
        ParameterDomain.Ranged { Step: { } step } range => Math.Abs((value - range.Min) / step - Math.Round((value - range.Min) / step)) < 1e-9
            && value >= range.Min && value <= range.Max,
        _ => value >= domain.Smallest && value <= domain.Largest,
    };
}
