using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyPlanTests
{
    [Theory]
    [InlineData(27, 1, 9, 3, "27@1 9@3 3@9", 63, 81)]
    [InlineData(27, 1, 27, 3, "27@1 9@3 3@9 1@27", 81, 108)]
    [InlineData(10, 1, 27, 3, "10@1 3@3 1@9 1@27", 40, 55)]
    [InlineData(20, 3, 3, 3, "20@3", 60, 60)]
    public void Create_SuccessiveHalving_CountsEpochsWithAndWithoutResume(int trials, int r, int most, int eta, string rungs, long total, long anew)
    {
        StudyPlan plan = Plan($$"""
            "algorithm": {"name": "successive_halving", "min_epochs": {{r}}, "max_epochs": {{most}}, "reduction_factor": {{eta}}}, "max_trials": {{trials}}
            """);
        Show(plan.Brackets.ShouldHaveSingleItem()).ShouldBe(rungs);
        plan.TotalEpochs.ShouldBe(total);
        plan.MaxTotalEpochs.ShouldBe(total);
        plan.TotalEpochsWithoutResume.ShouldBe(anew);
        plan.TotalEpochsKind.ShouldBe(TotalEpochsKind.Exact);
        plan.Trials.ShouldBe(trials);
        plan.Baseline.ShouldBeTrue();
    }

    [Theory]
    [InlineData(""" "search_space": {"batch_size": [16, 32], "epochs": 5} """, "2@5", 10, TotalEpochsKind.Exact)]
    [InlineData(""" "max_trials": 30 """, "30@9", 270, TotalEpochsKind.Exact)]
    [InlineData(""" "max_trials": 30, "early_stopping_patience": 2 """, "30@9", 270, TotalEpochsKind.UpperBound)]
    [InlineData(""" "algorithm": "grid", "search_space": {"batch_size": [16, 32], "epochs": [3, 7]} """, "", 20, TotalEpochsKind.Exact)]
    [InlineData(""" "algorithm": "grid", "search_space": {"batch_size": [16, 32], "epochs": [3, 7]}, "max_trials": 3 """, "", 13, TotalEpochsKind.Exact)]
    [InlineData(""" "search_space": {"dropout": {"min": 0, "max": 0.5}, "epochs": {"min": 2, "max": 10}}, "max_trials": 4 """, "", 40, TotalEpochsKind.UpperBound)]
    public void Create_WithoutRungs_HasOneBracket(string fields, string rungs, long total, TotalEpochsKind kind)
    {
        StudyPlan plan = Plan(fields);
        Show(plan.Brackets.ShouldHaveSingleItem()).ShouldBe(rungs);
        plan.TotalEpochs.ShouldBe(total);
        plan.MaxTotalEpochs.ShouldBe(total);
        plan.TotalEpochsWithoutResume.ShouldBe(total);
        plan.TotalEpochsKind.ShouldBe(kind);
    }

    [Fact]
    public void Create_ShuffledGridOfEpochs_CountsEveryCell()
    {
        StudyPlan plan = Plan(""" "algorithm": {"name": "grid", "order": "shuffled"}, "search_space": {"epochs": {"min": 1, "max": 100}}, "max_trials": 100, "baseline": false """);
        plan.TotalEpochs.ShouldBe(5050);
        plan.Baseline.ShouldBeFalse();
    }

    [Fact]
    public void Create_WithWarnings_CarriesThem()
    {
        StudyValidation validation = Requests.Validate("""{"name": "a", "model": "synthetic"}""");
        StudyPlan.Create(validation.Spec!, validation.Warnings).Warnings.ShouldHaveSingleItem().Code.ShouldBe(WarningCode.SeedOmitted);
        StudyPlan.Create(validation.Spec!).Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 27, 3, "1 3 9 27")]
    [InlineData(1, 26, 3, "1 3 9 26")]
    [InlineData(1, 10, 3, "1 3 10")]
    [InlineData(1, 8, 3, "1 3 8")]
    [InlineData(2, 9, 3, "2 9")]
    [InlineData(3, 3, 3, "3")]
    [InlineData(1, 2, 3, "1 2")]
    [InlineData(1, 1000, 10, "1 10 100 1000")]
    [InlineData(1, 243, 3, "1 3 9 27 81 243")]
    public void Create_WithRungs_HasTheLadder(int r, int most, int eta, string expected)
    {
        foreach (string algorithm in AlgorithmCatalog.WithRungs)
        {
            StudyPlan plan = Plan(Ladder(algorithm, r, most, eta));
            string.Join(' ', plan.Brackets[0].Rungs.Select(x => x.Epochs)).ShouldBe(expected);
            plan.Brackets.ShouldAllBe(b => b.Rungs.Last().Epochs == most);
            plan.Brackets.Length.ShouldBe(algorithm == "hyperband" ? plan.Brackets[0].Rungs.Length : 1);
        }
    }

    [Theory]
    [InlineData(27, "27@1 9@3 3@9 1@27", 81, 729, 108)]
    [InlineData(10, "10@1 3@3 1@9 1@27", 40, 270, 55)]
    public void Create_Asha_GivesTheSynchronousFigureAsLowerBound(int trials, string rungs, long total, long most, long anew)
    {
        StudyPlan plan = Plan($"{Ladder("asha", 1, 27, 3)}, \"max_trials\": {trials}");
        Show(plan.Brackets.ShouldHaveSingleItem()).ShouldBe(rungs);
        (plan.TotalEpochs, plan.TotalEpochsKind, plan.MaxTotalEpochs, plan.TotalEpochsWithoutResume).ShouldBe((total, TotalEpochsKind.LowerBound, most, anew));
    }

    [Theory]
    [InlineData(1, 27, 3, 49, "27@1 9@3 3@9 1@27|12@3 4@9 1@27|6@9 2@27|4@27", 357, 423)]
    [InlineData(1, 9, 3, 17, "9@1 3@3 1@9|5@3 1@9|3@9", 69, 78)]
    public void Create_Hyperband_CountsEveryBracket(int r, int most, int eta, int trials, string brackets, long total, long anew)
    {
        StudyPlan plan = Plan(Ladder("hyperband", r, most, eta));
        string.Join('|', plan.Brackets.Select(Show)).ShouldBe(brackets);
        (plan.Trials, plan.TotalEpochs, plan.TotalEpochsKind, plan.MaxTotalEpochs, plan.TotalEpochsWithoutResume).ShouldBe((trials, total, TotalEpochsKind.Exact, total, anew));
    }

    [Fact]
    public void Create_HyperbandInAFiniteSpace_ShrinksTheLastBrackets()
    {
        StudyValidation validation = Requests.Validate(Requests.With($$"""{{Ladder("hyperband", 1, 27, 3)}}, "search_space": {"batch_size": {"min": 1, "max": 40} } """));
        StudyPlan plan = StudyPlan.Create(validation.Spec.ShouldNotBeNull(), validation.Warnings);
        plan.Trials.ShouldBe(40);
        string.Join('|', plan.Brackets.Select(Show)).ShouldBe("27@1 9@3 3@9 1@27|12@3 4@9 1@27|1@9 1@27");
        plan.TotalEpochs.ShouldBe(81 + 78 + 27);
        plan.Warnings.ShouldHaveSingleItem().Code.ShouldBe(WarningCode.SpaceExhausted);
    }

    [Theory]
    [InlineData("\"random\"", 30)]
    [InlineData("\"grid\"", 2)]
    public void Create_MedianStopping_IsAnUpperBound(string name, int trials)
    {
        string space = trials == 2 ? "\"search_space\": {\"batch_size\": [1, 2]}" : "\"max_trials\": 30";
        StudyPlan plan = Plan($$""" "algorithm": {"name": {{name}}, "stopping": "median"}, {{space}} """);
        Show(plan.Brackets.ShouldHaveSingleItem()).ShouldBe($"{trials}@9");
        (plan.TotalEpochs, plan.MaxTotalEpochs, plan.TotalEpochsKind).ShouldBe((trials * 9L, trials * 9L, TotalEpochsKind.UpperBound));
    }

    [Theory]
    [InlineData(""" "confirm": {"top": 3} """, 4 * 5 * 9)]
    [InlineData(""" "confirm": {"top": 3, "seeds": 7}, "baseline": false """, 3 * 7 * 9)]
    [InlineData(""" "confirm": {"top": 3}, "max_trials": 2 """, 3 * 5 * 9)]
    [InlineData(""" "confirm": {"top": 3}, "algorithm": {"name": "asha", "max_epochs": 27} """, 4 * 5 * 27)]
    [InlineData(""" "confirm": {"top": 3}, "search_space": {"epochs": [2, 6], "dropout": {"min": 0, "max": 0.5}} """, 5 * (3 * 6 + 9))]
    [InlineData(""" "max_trials": 2 """, 0)]
    public void Create_Confirmation_IsCountedApart(string fields, long expected)
    {
        StudyPlan plan = Plan(fields);
        plan.ConfirmEpochs.ShouldBe(expected);
        plan.TotalEpochs.ShouldBeLessThanOrEqualTo(plan.Trials * 27L);
    }

    [Fact]
    public void Create_OtherTrials_PlansThem()
    {
        StudySpec asha = Requests.Valid(Requests.With(Ladder("asha", 1, 27, 3)));
        StudyPlan plan = StudyPlan.Create(asha, trials: 27);
        (plan.Trials, plan.TotalEpochs, plan.MaxTotalEpochs).ShouldBe((27, 81, 729));
        StudySpec hyperband = Requests.Valid(Requests.With(Ladder("hyperband", 1, 27, 3)));
        StudyPlan.Create(hyperband, trials: 28).Brackets.Length.ShouldBe(2);
        Should.Throw<ArgumentOutOfRangeException>(() => StudyPlan.Create(hyperband, trials: 50));
        Should.Throw<ArgumentOutOfRangeException>(() => StudyPlan.Create(asha, trials: 0));
    }

    [Fact]
    public void Create_GridOfEpochsWithEnqueuedTrials_IsAnUpperBound()
    {
        StudySpec spec = Requests.Valid(Requests.With(""" "algorithm": "grid", "search_space": {"epochs": [3, 7]} """));
        StudyPlan plan = StudyPlan.Create(spec, trials: 4);
        (plan.TotalEpochs, plan.TotalEpochsKind).ShouldBe((3 + 7 + 2 * 7, TotalEpochsKind.UpperBound));
    }

    [Theory]
    [InlineData(4, null, 270.0)]
    [InlineData(4, 2, 540.0)]
    [InlineData(2, 4, 540.0)]
    [InlineData(64, null, 270.0)]
    [InlineData(0, null, null)]
    [InlineData(null, 2, null)]
    public void WithEstimate_MeasuredEpochs_GivesDeviceAndWallSeconds(int? slots, int? parallel, double? wall)
    {
        StudySpec spec = Specs.Halving(max: 27) with { MaxParallel = parallel };
        StudyPlan plan = StudyPlan.Create(spec).WithEstimate(spec, 10, slots);
        plan.EstimatedDeviceSeconds.ShouldBe(1_080);
        plan.EstimatedSeconds.ShouldBe(wall);
    }

    [Fact]
    public void WithEstimate_ManySlots_IsNotShorterThanOneTrial()
    {
        StudySpec spec = Specs.Halving(max: 27) with { Baseline = false };
        StudyPlan plan = StudyPlan.Create(spec).WithEstimate(spec, 10, 1_000);
        plan.EstimatedDeviceSeconds.ShouldBe(810);
        plan.EstimatedSeconds.ShouldBe(270);
    }

    [Fact]
    public void WithEstimate_NothingMeasured_IsUnknown()
    {
        StudySpec spec = Specs.Halving();
        StudyPlan plan = StudyPlan.Create(spec).WithEstimate(spec, 1, 1).WithEstimate(spec, null, 4);
        (plan.EstimatedDeviceSeconds, plan.EstimatedSeconds).ShouldBe((null, null));
        Should.Throw<ArgumentOutOfRangeException>(() => plan.WithEstimate(spec, -1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => plan.WithEstimate(spec, 1, -1));
    }

    [Fact]
    public void WithEstimate_SyntheticFamily_TakesItsOwnEpochTime()
    {
        StudySpec spec = Requests.Valid("""{"name": "a", "model": {"family": "synthetic", "epoch_ms": 500}, "seed": 1, "max_trials": 10, "confirm": {"top": 1, "seeds": 3}}""");
        StudyPlan plan = StudyPlan.Create(spec).WithEstimate(spec, 77, 100);
        plan.EstimatedDeviceSeconds.ShouldBe((90 + 9 + 2 * 3 * 9) * 0.5);
        // One trial in full, then one run of the confirmation.
        plan.EstimatedSeconds.ShouldBe(2 * 9 * 0.5);
    }

    private static string Ladder(string algorithm, int r, int most, int eta) =>
        $$""" "algorithm": {"name": "{{algorithm}}", "min_epochs": {{r}}, "max_epochs": {{most}}, "reduction_factor": {{eta}}} """;

    private static string Show(PlanBracket bracket) => string.Join(' ', bracket.Rungs.Select(x => $"{x.Trials}@{x.Epochs}"));

    private static StudyPlan Plan(string fields) => StudyPlan.Create(Requests.Valid(Requests.With(fields)));
}
