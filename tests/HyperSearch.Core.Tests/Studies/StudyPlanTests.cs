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
        string.Join(' ', plan.Brackets.ShouldHaveSingleItem().Rungs.Select(x => $"{x.Trials}@{x.Epochs}")).ShouldBe(rungs);
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
        string.Join(' ', plan.Brackets.ShouldHaveSingleItem().Rungs.Select(x => $"{x.Trials}@{x.Epochs}")).ShouldBe(rungs);
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

    private static StudyPlan Plan(string fields) => StudyPlan.Create(Requests.Valid(Requests.With(fields)));
}
