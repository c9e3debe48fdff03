using CsCheck;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

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

    /// <summary>Whether a searched parameter may have its default, although its domain has it not.</summary>
    protected virtual bool TakesDefaults => false;

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
                    bool isDefault = value == spec.Space.Constants[h];
                    (Domain(spec, h) is { } domain ? IsIn(domain, value) || (TakesDefaults && isDefault) : isDefault).ShouldBeTrue($"{h} = {value}");
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
        List<Trial> trials = [.. forwards.Select((set, n) => Ended(n, set))];
        List<ParameterSet> backwards = [.. Enumerable.Range(0, spec.Trials).Reverse().Select(n => other.Propose(n, Histories.Of(trials.Take(n))).Parameters).Reverse()];
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
        StudySpec spec = Study(""" "batch_size": [16, 32] """);
        ISampler sampler = Create(spec);
        TrialHistory both = Histories.Of(All(spec).Select((set, n) => Ended(n, set)));
        Should.Throw<ArgumentOutOfRangeException>(() => sampler.Propose(-1, both));
        Should.Throw<ArgumentOutOfRangeException>(() => sampler.Propose(2, both));
    }

    [Fact]
    public void Propose_EnqueuedNumber_Throws()
    {
        StudySpec spec = Study(""" "batch_size": [16, 32] """);
        TrialHistory history = Histories.Of([Histories.Waiting(0, spec.Space.Constants.Normalize(), enqueued: true)]);
        Should.Throw<ArgumentException>(() => Create(spec).Propose(0, history));
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_BesideEnqueued_NeverRepeats(string space)
    {
        List<Trial> trials = WithEnqueued(Study(space), n => n % 3 == 1);
        trials.Count(t => t.Enqueued).ShouldBeGreaterThan(0);
        foreach (Trial trial in trials.Where(t => !t.Enqueued))
        {
            trials.Take(trial.Number).ShouldAllBe(t => !t.Parameters.Equals(trial.Parameters));
        }
    }

    [Fact]
    public void Propose_AnyFiniteSpaceAndAnythingEnqueued_CoversTheSpaceOnce() => Gen.Select(Gen.Long[0, 1L << 40], Gen.Int[1, 9], Gen.Int[0, 3], Gen.Int[0, 40].Array[0, 12])
        .Sample((seed, batches, blocks, enqueued) =>
        {
            StudySpec spec = Study($$""" "batch_size": {"min": 1, "max": {{batches}}}, "frozen_blocks": {"min": 0, "max": {{blocks}}}, "unfreeze_every": [0, 2] """, 100_000, seed);
            ISampler sampler = Create(spec);
            TrialHistory history = TrialHistory.Empty;
            HashSet<ParameterSet> open = [.. Distinct(spec)];
            int number = 0;
            for (; open.Count > 0; number++)
            {
                ParameterSet set = enqueued.Contains(number) ? Chosen(spec, number) : sampler.Propose(number, history).Parameters;
                (open.Remove(set) || enqueued.Contains(number)).ShouldBeTrue($"{number}: {set}");
                history.Update(Ended(number, set, enqueued.Contains(number)));
            }

            Should.Throw<ArgumentOutOfRangeException>(() => sampler.Propose(number, history));
        }, iter: 60);

    [Fact]
    public void CellOf_ItsOwnProposals_IsTheirCellOrNone()
    {
        StudySpec spec = Study(Everything, 40);
        ISampler sampler = Create(spec);
        foreach (Proposal proposal in Enumerable.Range(0, spec.Trials).Select(n => sampler.Propose(n, TrialHistory.Empty)))
        {
            sampler.CellOf(proposal.Parameters).ShouldBe(proposal.Cell);
        }
    }

    [Fact]
    public void Contains_ConfigurationOfAFiniteSpace_IsTrueForItAlone()
    {
        StudySpec spec = Study(""" "batch_size": [16, 64], "optimizer": ["adamw", "sgd"], "momentum": [0.9, 0.5], "dropout": {"min": 0.1, "max": 0.3, "step": 0.1}, "frozen_blocks": {"min": 1, "max": 3} """);
        ISampler sampler = Create(spec);
        List<ParameterSet> all = Distinct(spec);
        all.ShouldAllBe(set => sampler.Contains(set));
        ParameterSet some = all.Last(set => set.Optimizer == OptimizerKind.Sgd);
        sampler.Contains(some.With(HyperparameterCatalog.BatchSize, 48)).ShouldBeFalse();
        sampler.Contains(some.With(HyperparameterCatalog.Dropout, 0.15)).ShouldBeFalse();
        sampler.Contains(some.With(HyperparameterCatalog.Dropout, 0.4)).ShouldBeFalse();
        sampler.Contains(some.With(HyperparameterCatalog.FrozenBlocks, 4)).ShouldBeFalse();
        sampler.Contains(some.With(HyperparameterCatalog.LabelSmoothing, 0.123)).ShouldBeFalse();
        sampler.Contains(some.With(HyperparameterCatalog.Momentum, null)).ShouldBeFalse();
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
        List<Trial> trials = [.. expected.Select((set, n) => Ended(n, set))];
        ISampler shared = Create(spec);
        ParameterSet[] actual = new ParameterSet[spec.Trials];
        await Parallel.ForAsync(0, spec.Trials, TestContext.Current.CancellationToken, (n, _) =>
        {
            actual[n] = shared.Propose(n, Histories.Of(trials.Take(n))).Parameters;
            return ValueTask.CompletedTask;
        });
        actual.ShouldBe(expected);
    }

    protected List<ParameterSet> All(StudySpec spec)
    {
        ISampler sampler = Create(spec);
        TrialHistory history = TrialHistory.Empty;
        List<ParameterSet> all = [];
        for (int n = 0; n < spec.Trials; n++)
        {
            all.Add(sampler.Propose(n, history).Parameters);
            history.Update(Ended(n, all[n]));
        }

        return all;
    }

    /// <summary>A trial that ended with the value of a smooth function, which leads a learning sampler to repeats where it can.</summary>
    protected static Trial Ended(int number, ParameterSet set, bool enqueued = false) =>
        Histories.In(TrialState.Completed, number, set, Loss(set), sequence: number + 1, enqueued: enqueued);

    /// <summary>A smooth function of all parameters, smaller is better.</summary>
    protected static double Loss(ParameterSet set) =>
        Math.Pow(Math.Log10(set.LearningRate) + 3, 2) + Math.Pow(Math.Log2(set.BatchSize) - 5, 2) / 4 + Math.Pow(set.Dropout - 0.3, 2) * 5
        + Math.Abs(set.FrozenBlocks - 2) + (set.LrSchedule == LearningRateScheduleKind.Cosine ? 0 : 1)
        + (set.Optimizer == OptimizerKind.Sgd ? Math.Abs(set.Momentum - 0.9) : 0.5);

    /// <summary>Up to 60 trials, fewer at the end of the space, some of them enqueued: repeats, configurations to come, and others.</summary>
    protected List<Trial> WithEnqueued(StudySpec spec, Func<int, bool> isEnqueued)
    {
        ISampler sampler = Create(spec);
        List<Trial> trials = [];
        List<ParameterSet> open = All(spec);
        while (trials.Count < 60 && (isEnqueued(trials.Count) || open.Count > 0))
        {
            int n = trials.Count;
            bool enqueued = isEnqueued(n);
            ParameterSet set = enqueued
                ? (n % 5) switch { 0 => trials[n / 2].Parameters, 1 or 2 when open.Count > 0 => open[^1], _ => Chosen(spec, n) }
                : sampler.Propose(n, Histories.Of(trials)).Parameters;
            open.Remove(set);
            trials.Add(Ended(n, set, enqueued));
        }

        return trials;
    }

    /// <summary>A configuration that a user could choose: in the space or not.</summary>
    private ParameterSet Chosen(StudySpec spec, int number) => Distinct(spec) is var all && number % 4 == 3
        ? spec.Space.Constants.With(HyperparameterCatalog.LabelSmoothing, 0.25).Normalize()
        : all[number * 7 % all.Count];

    /// <summary>What the sampler can propose in a space whose grid points are all points, counted by hand.</summary>
    protected virtual List<ParameterSet> Distinct(StudySpec spec)
    {
        CellSpace cells = CellSpace.OfGrid(spec.Space);
        return [.. Enumerable.Range(0, (int)cells.Cells!).Where(c => cells.IsFirst(c)).Select(c => cells.At(c))];
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
