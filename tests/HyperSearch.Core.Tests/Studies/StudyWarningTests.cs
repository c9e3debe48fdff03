using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyWarningTests
{
    private const string Grid = "\"algorithm\": \"grid\", ";

    [Theory]
    [InlineData("""{"name": "a", "model": "synthetic"}""", "seed_omitted", "/seed")]
    [InlineData("""{"name": "a", "model": "synthetic", "seed": 1, "dataset": "fashion-mnist"}""", "no_effect", "/dataset")]
    public void Validate_Document_IsWarned(string json, string code, string pointer) => ShouldBe(Requests.Validate(json), code, pointer);

    [Theory]
    [InlineData(""" "search_space": {"dropout": {"min": 0, "max": 0.5, "count": 3}} """, "count_unused", "/search_space/dropout/count")]
    [InlineData(""" "search_space": {"learning_rate": {"min": 0.001, "max": 0.1}} """, "linear_scale", "/search_space/learning_rate")]
    [InlineData(""" "search_space": {"optimizer": ["adamw"], "momentum": [0.5, 0.9]}, "max_trials": 1 """, "no_effect", "/search_space/momentum")]
    [InlineData(""" "search_space": {"unfreeze_every": [1, 2]}, "max_trials": 1 """, "no_effect", "/search_space/unfreeze_every")]
    [InlineData(""" "objective": {"goal": "maximize"} """, "goal_opposes_metric", "/objective/goal")]
    [InlineData(""" "objective": {"metric": "val_accuracy", "goal": "minimize"} """, "goal_opposes_metric", "/objective/goal")]
    [InlineData(""" "search_space": {"batch_size": [16, 32]} """, "space_exhausted", "/max_trials")]
    [InlineData(Grid + """ "search_space": {"batch_size": [16, 32]}, "max_trials": 3 """, "space_exhausted", "/max_trials")]
    [InlineData(Grid + """ "search_space": {"batch_size": [16, 32]}, "max_trials": 1 """, "grid_truncated", "/max_trials")]
    [InlineData(""" "algorithm": "successive_halving", "max_trials": 27, "max_parallel": 28 """, "parallel_above_first_rung", "/max_parallel")]
    [InlineData(""" "algorithm": "successive_halving", "max_trials": 8 """, "few_trials", "/max_trials")]
    [InlineData(""" "algorithm": "asha", "max_trials": 27, "max_parallel": 28 """, "parallel_above_first_rung", "/max_parallel")]
    [InlineData(""" "algorithm": "asha", "max_trials": 8 """, "few_trials", "/max_trials")]
    [InlineData(""" "algorithm": {"name": "asha", "sampler": "grid"}, "search_space": {"batch_size": {"min": 1, "max": 27}}, "max_trials": 26 """, "grid_truncated", "/max_trials")]
    [InlineData(""" "algorithm": "hyperband", "max_parallel": 18 """, "parallel_above_first_rung", "/max_parallel")]
    [InlineData(""" "algorithm": "hyperband", "search_space": {"batch_size": {"min": 1, "max": 16}} """, "space_exhausted", "/algorithm")]
    [InlineData(""" "algorithm": {"name": "hyperband", "sampler": "grid"}, "search_space": {"batch_size": {"min": 1, "max": 18}} """, "grid_truncated", "/algorithm")]
    [InlineData(""" "algorithm": {"name": "random", "stopping": {"name": "median", "grace_epochs": 8}} """, "no_effect", "/algorithm/stopping/grace_epochs")]
    [InlineData(""" "algorithm": {"name": "random", "stopping": "median"}, "max_trials": 5 """, "no_effect", "/algorithm/stopping/min_trials")]
    [InlineData(""" "confirm": {"top": 21} """, "no_effect", "/confirm")]
    [InlineData(""" "algorithm": {"name": "asha", "max_epochs": 27}, "max_trials": 81, "max_epochs_total": 107 """, "budget_before_full_trial", "/max_epochs_total")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "max_epochs": 9}, "max_trials": 9, "max_epochs_total": 29 """, "budget_before_full_trial", "/max_epochs_total")]
    [InlineData(""" "algorithm": {"name": "hyperband", "max_epochs": 9}, "baseline": false, "max_epochs_total": 20 """, "budget_before_full_trial", "/max_epochs_total")]
    public void Validate_Study_IsWarned(string fields, string code, string pointer) => ShouldBe(Requests.Validate(Requests.With(fields)), code, pointer);

    [Theory]
    [InlineData(""" "algorithm": {"name": "asha", "max_epochs": 27}, "max_trials": 81, "max_epochs_total": 108 """)]
    [InlineData(""" "algorithm": {"name": "successive_halving", "max_epochs": 9}, "max_trials": 9, "max_epochs_total": 30 """)]
    [InlineData(""" "algorithm": {"name": "hyperband", "max_epochs": 9}, "baseline": false, "max_epochs_total": 21 """)]
    [InlineData(""" "max_epochs_total": 9 """)]
    public void Validate_BudgetOfAFullTrial_IsNotWarned(string fields) =>
        Requests.Validate(Requests.With(fields)).Warnings.ShouldNotContain(w => w.Code == WarningCode.BudgetBeforeFullTrial);

    [Theory]
    [InlineData("""{"warmup_ratio": 0.2}""", 1, 9, "rung_before_peak", "2")]
    [InlineData("""{"warmup_ratio": [0, 0.1, 0.5]}""", 2, 9, "rung_before_peak", "5")]
    [InlineData("""{"lr_schedule": ["cosine", "one_cycle"]}""", 1, 9, "rung_before_peak", "3")]
    [InlineData("""{"lr_schedule": "one_cycle"}""", 2, 10, "rung_before_peak", "3")]
    [InlineData("""{"lr_schedule": ["cosine", "one_cycle"], "warmup_ratio": 0.5}""", 1, 9, "rung_before_peak", "5")]
    [InlineData("""{"frozen_blocks": 2, "unfreeze_every": 1}""", 1, 9, "rung_before_thaw", "2")]
    [InlineData("""{"frozen_blocks": [0, 2], "unfreeze_every": [0, 4]}""", 3, 9, "rung_before_thaw", "5")]
    [InlineData("""{"frozen_blocks": 2, "unfreeze_every": 9}""", 9, 9, "rung_before_thaw", "lower unfreeze_every")]
    public void Validate_EarlyRung_NamesTheSmallestMinEpochs(string space, int r, int most, string code, string smallest)
    {
        ValidationWarning warning = Rungs(space, r, most).ShouldHaveSingleItem();
        (warning.Code, warning.Pointer).ShouldBe((code, "/algorithm/min_epochs"));
        warning.Detail.ShouldContain(smallest.Length == 1 ? $"is {smallest}." : smallest);
        if (smallest.Length == 1)
        {
            Rungs(space, int.Parse(smallest, System.Globalization.CultureInfo.InvariantCulture), most).ShouldBeEmpty();
            Rungs(space, int.Parse(smallest, System.Globalization.CultureInfo.InvariantCulture) - 1, most).ShouldHaveSingleItem();
        }
    }

    [Theory]
    [InlineData("""{"warmup_ratio": 0.1}""", 3, 30)]
    [InlineData("""{"lr_schedule": "one_cycle", "warmup_ratio": 0.9}""", 3, 10)]
    [InlineData("""{"frozen_blocks": 0, "unfreeze_every": 5}""", 1, 9)]
    public void Validate_RungLateEnough_IsNotWarned(string space, int r, int most) => Rungs(space, r, most).ShouldBeEmpty();

    [Theory]
    [InlineData(""" "search_space": {"learning_rate": {"min": 0.001, "max": 0.1, "scale": "log"}} """)]
    [InlineData(""" "search_space": {"weight_decay": {"min": 0, "max": 0.1}} """)]
    [InlineData(Grid + """ "search_space": {"dropout": {"min": 0, "max": 0.5, "count": 3}} """)]
    [InlineData(""" "algorithm": "successive_halving", "max_trials": 9, "max_parallel": 9 """)]
    [InlineData(""" "algorithm": "asha", "max_trials": 9, "max_parallel": 9 """)]
    [InlineData(""" "algorithm": "hyperband", "max_parallel": 17, "confirm": {"top": 17} """)]
    [InlineData(""" "algorithm": {"name": "random", "stopping": {"name": "median", "grace_epochs": 7, "min_trials": 19}} """)]
    [InlineData(""" "objective": {"metric": "val_accuracy"} """)]
    public void Validate_SoundStudy_IsNotWarned(string fields) => Requests.Validate(Requests.With(fields)).Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData("successive_halving")]
    [InlineData("asha")]
    [InlineData("hyperband")]
    public void Validate_EarlyRung_IsWarnedUnderEveryLadder(string algorithm) => Requests.Validate(Requests.With($$"""
        "algorithm": "{{algorithm}}", "search_space": {"learning_rate": {"min": 0.001, "max": 0.1, "scale": "log"}, "warmup_ratio": 0.2, "frozen_blocks": 2, "unfreeze_every": 1}
        """)).Warnings.Select(w => w.Code).ShouldBe(["rung_before_peak", "rung_before_thaw"]);

    private static IEnumerable<ValidationWarning> Rungs(string space, int r, int most) => Requests.Validate(Requests.With($$"""
        "algorithm": {"name": "successive_halving", "min_epochs": {{r}}, "max_epochs": {{most}}}, "search_space": {{space}}, "max_trials": 100
        """)).Warnings.Where(w => w.Code != WarningCode.SpaceExhausted && w.Code != WarningCode.FewTrials);

    private static void ShouldBe(StudyValidation validation, string code, string pointer)
    {
        validation.Errors.ShouldBeEmpty();
        ValidationWarning warning = validation.Warnings.ShouldHaveSingleItem();
        (warning.Code, warning.Pointer).ShouldBe((code, pointer));
    }
}
