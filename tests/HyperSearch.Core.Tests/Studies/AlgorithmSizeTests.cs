using System.Text.Json;
using CsCheck;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

/// <summary>How many trials and epochs every algorithm and sampler has, and what is worth a warning.</summary>
public sealed class AlgorithmSizeTests
{
    private const string OneAtATime = "\"algorithm\": \"one_at_a_time\", ";
    private const string Seven = """ "search_space": {"batch_size": [16, 32, 64], "dropout": {"min": 0, "max": 0.4, "step": 0.1}} """;

    [Theory]
    [InlineData("\"sobol\"", 20)]
    [InlineData("\"tpe\"", 20)]
    [InlineData("""{"name": "successive_halving", "sampler": "sobol"}""", 20)]
    [InlineData("""{"name": "asha", "sampler": "tpe"}""", 20)]
    [InlineData("""{"name": "hyperband", "sampler": "tpe"}""", 17)]
    [InlineData("""{"name": "hyperband", "sampler": "sobol", "max_epochs": 27}""", 49)]
    public void Validate_Sampler_HasItsTrials(string algorithm, int trials)
    {
        StudyValidation validation = Requests.Validate(Requests.With($"\"algorithm\": {algorithm}"));
        validation.Errors.ShouldBeEmpty();
        validation.Warnings.ShouldBeEmpty();
        validation.Spec!.Trials.ShouldBe(trials);
    }

    [Theory]
    [InlineData("sobol")]
    [InlineData("tpe")]
    public void Validate_FiniteSpace_LowersTrials(string algorithm)
    {
        StudySpec spec = Requests.Valid(Requests.With($$""" "algorithm": "{{algorithm}}", "search_space": {"batch_size": {"min": 1, "max": 12} } """));
        (spec.Trials, spec.SpaceExhausted).ShouldBe((12, true));
    }

    [Theory]
    [InlineData(Seven, 7)]
    [InlineData(""" "search_space": {} """, 1)]
    [InlineData(""" "search_space": {"batch_size": [16, 64]} """, 3)]
    [InlineData(""" "search_space": {"batch_size": 16, "dropout": [0.1, 0.2]} """, 2)]
    [InlineData(""" "search_space": {"learning_rate": {"min": 0.001, "max": 0.1, "scale": "log", "count": 3}} """, 3)]
    [InlineData(""" "search_space": {"optimizer": ["adamw", "sgd"]} """, 2)]
    [InlineData(""" "search_space": {"frozen_blocks": {"min": 0, "max": 4}, "epochs": [3, 9, 12]} """, 7)]
    public void Validate_OneAtATime_TriesEveryPointOnce(string space, int trials)
    {
        StudyValidation validation = Requests.Validate(Requests.With(OneAtATime + space));
        validation.Errors.ShouldBeEmpty();
        validation.Warnings.ShouldBeEmpty();
        (validation.Spec!.Trials, validation.Spec.Baseline, validation.Spec.SpaceExhausted).ShouldBe((trials, false, false));
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void Validate_OneAtATimeWithEnoughTrials_TakesItsConfigurations(int asked, bool exhausted)
    {
        StudySpec spec = Requests.Valid(Requests.With($"{OneAtATime}{Seven}, \"max_trials\": {asked}"));
        (spec.Trials, spec.SpaceExhausted).ShouldBe((7, exhausted));
    }

    [Fact]
    public void Validate_OneAtATimeWithTooFewTrials_IsRefusedBesideTheRest()
    {
        StudyValidation validation = Requests.Validate(Requests.With($"{OneAtATime}{Seven}, \"max_trials\": 6, \"baseline\": false"));
        validation.Errors.Select(e => $"{e.Pointer} {e.Code}").ShouldBe(["/max_trials out-of-range", "/baseline not-accepted"]);
        validation.Errors[0].Detail.ShouldContain("at least 7, not 6");
    }

    [Theory]
    [InlineData(OneAtATime + Seven + ", \"max_trials\": 8", "space_exhausted", "/max_trials")]
    [InlineData(OneAtATime + Seven + ", \"baseline\": true", "no_effect", "/baseline")]
    [InlineData(OneAtATime + """ "search_space": {"optimizer": ["adamw", "sgd"], "momentum": [0.5, 0.9]} """, "no_effect", "/search_space/momentum")]
    [InlineData(OneAtATime + """ "search_space": {"frozen_blocks": [0, 2], "unfreeze_every": [1, 2]} """, "no_effect", "/search_space/unfreeze_every")]
    [InlineData(""" "algorithm": "tpe", "max_trials": 10 """, "start_up_only", "/max_trials")]
    [InlineData(""" "algorithm": {"name": "asha", "sampler": "tpe"}, "max_trials": 10 """, "start_up_only", "/max_trials")]
    [InlineData(""" "algorithm": {"name": "hyperband", "sampler": "tpe", "max_epochs": 3} """, "start_up_only", "/algorithm")]
    [InlineData(""" "algorithm": "sobol", "search_space": {"dropout": {"min": 0, "max": 0.5, "count": 3}} """, "count_unused", "/search_space/dropout/count")]
    public void Validate_Study_IsWarned(string fields, string code, string pointer)
    {
        StudyValidation validation = Requests.Validate(Requests.With(fields));
        validation.Errors.ShouldBeEmpty();
        ValidationWarning warning = validation.Warnings.ShouldHaveSingleItem();
        (warning.Code, warning.Pointer).ShouldBe((code, pointer));
    }

    [Theory]
    [InlineData(""" "algorithm": "tpe", "max_trials": 11 """)]
    [InlineData(OneAtATime + """ "search_space": {"optimizer": "sgd", "momentum": [0.5, 0.9]} """)]
    public void Validate_SoundStudy_IsNotWarned(string fields) => Requests.Validate(Requests.With(fields)).Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData(OneAtATime + Seven, "7@9", 63, TotalEpochsKind.Exact)]
    [InlineData(OneAtATime + """ "search_space": {"epochs": [3, 9, 12], "batch_size": [16, 32]} """, "", 9 + 3 + 12 + 9, TotalEpochsKind.Exact)]
    [InlineData(OneAtATime + Seven + ", \"early_stopping_patience\": 2", "7@9", 63, TotalEpochsKind.UpperBound)]
    [InlineData(""" "algorithm": {"name": "sobol", "stopping": "median"} """, "20@9", 180, TotalEpochsKind.UpperBound)]
    [InlineData(""" "algorithm": "tpe", "search_space": {"epochs": [3, 12], "dropout": {"min": 0, "max": 0.5}} """, "", 240, TotalEpochsKind.UpperBound)]
    public void Create_WithoutRungs_HasOneBracket(string fields, string rungs, long total, TotalEpochsKind kind)
    {
        StudyPlan plan = StudyPlan.Create(Requests.Valid(Requests.With(fields)));
        string.Join(' ', plan.Brackets.ShouldHaveSingleItem().Rungs.Select(x => $"{x.Trials}@{x.Epochs}")).ShouldBe(rungs);
        (plan.TotalEpochs, plan.MaxTotalEpochs, plan.TotalEpochsWithoutResume, plan.TotalEpochsKind).ShouldBe((total, total, total, kind));
    }

    [Fact]
    public void Create_OneAtATime_ConfirmsTheBaselineToo()
    {
        StudyPlan plan = StudyPlan.Create(Requests.Valid(Requests.With(OneAtATime + Seven + ", \"confirm\": {\"top\": 2, \"seeds\": 3}")));
        plan.Baseline.ShouldBeFalse();
        plan.ConfirmEpochs.ShouldBe((2 + 1) * 3 * 9);
    }

    [Fact]
    public void Create_OneAtATimeWithOtherTrials_IsAnUpperBound()
    {
        StudySpec spec = Requests.Valid(Requests.With(OneAtATime + """ "search_space": {"epochs": [3, 5]} """));
        StudyPlan.Create(spec).TotalEpochs.ShouldBe(9 + 3 + 5);
        StudyPlan plan = StudyPlan.Create(spec, trials: 4);
        (plan.TotalEpochs, plan.TotalEpochsKind).ShouldBe((9 + 3 + 5 + 9, TotalEpochsKind.UpperBound));
    }

    [Fact]
    public void Validate_AnyAlgorithm_NeverThrowsAndPlansWhatItResolves()
    {
        string[] options =
        [
            "\"sampler\": \"tpe\"", "\"sampler\": \"grid\"", "\"sampler\": \"sobol\"", "\"order\": \"shuffled\"", "\"stopping\": \"median\"", "\"stopping\": {\"name\": \"median\", \"grace_epochs\": 3}",
            "\"reduction_factor\": 2", "\"reduction_factor\": 4.5", "\"min_epochs\": 3", "\"min_epochs\": 0", "\"max_epochs\": 27", "\"max_epochs\": 10000",
        ];
        string[] fields =
        [
            "\"max_trials\": 3", "\"max_trials\": 1000", "\"baseline\": true", "\"baseline\": false", "\"confirm\": {\"top\": 2}", "\"early_stopping_patience\": 1",
            "\"search_space\": {\"batch_size\": [1, 2, 4]}", "\"search_space\": {\"dropout\": {\"min\": 0, \"max\": 0.5}}", "\"search_space\": {\"epochs\": [1, 2]}", "\"search_space\": {\"epochs\": 2}", "\"max_parallel\": 2",
        ];
        int valid = 0;
        Gen.Select(Gen.Int[0, AlgorithmCatalog.Names.Length - 1], Some(options), Some(fields)).Sample((name, some, more) =>
        {
            string algorithm = $"\"algorithm\": {{{string.Join(", ", [$"\"name\": \"{AlgorithmCatalog.Names[name]}\"", .. some])}}}";
            StudyValidation validation = Requests.Validate(Requests.With(string.Join(", ", [algorithm, .. more])));
            (validation.Spec is null).ShouldBe(validation.Errors.Length > 0);
            if (validation.Spec is { } spec)
            {
                Interlocked.Increment(ref valid);
                ShouldBeSound(spec);
            }
        }, iter: 5_000);
        valid.ShouldBeGreaterThan(500);
    }

    private static Gen<string[]> Some(string[] texts) => Gen.Shuffle(texts, 0, 3).Select(chosen => chosen.DistinctBy(t => t.Split(':')[0]).ToArray());

    private static void ShouldBeSound(StudySpec spec)
    {
        using JsonDocument json = JsonDocument.Parse(StudySpecJson.To(spec).ToJsonString());
        StudySpec read = StudySpecJson.From(json.RootElement);
        (read.Algorithm, read.Confirm, read.Baseline, read.Trials).ShouldBe((spec.Algorithm, spec.Confirm, spec.Baseline, spec.Trials));
        StudyPlan plan = StudyPlan.Create(spec).WithEstimate(spec, 1, 4);
        plan.Trials.ShouldBe(spec.Trials);
        plan.TotalEpochs.ShouldBeInRange(1, plan.MaxTotalEpochs);
        plan.TotalEpochs.ShouldBeLessThanOrEqualTo(plan.TotalEpochsWithoutResume);
        plan.MaxTotalEpochs.ShouldBeLessThanOrEqualTo(spec.Trials * 10_000L);
        plan.Brackets.Where(b => b.Rungs.Length > 0).Sum(b => b.Rungs[0].Trials).ShouldBe(plan.Brackets[0].Rungs.Length > 0 ? spec.Trials : 0);
        plan.EstimatedSeconds.ShouldNotBeNull();
    }
}
