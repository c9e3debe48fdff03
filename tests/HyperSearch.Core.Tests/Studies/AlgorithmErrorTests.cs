using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

/// <summary>What every algorithm refuses, with all its options.</summary>
public sealed class AlgorithmErrorTests
{
    // Finite, so that grids have their points.
    private const string Space = ", \"search_space\": {\"batch_size\": [1, 2]}";

    private const string Mistakes = """
        {"learning_rat": [1], "learning_rate": {"min": 0, "max": 1, "scale": "log"}, "dropout": {"min": 0.5, "max": 0.1}, "batch_size": [],
         "weight_decay": {"min": 0, "max": 1, "step": 0}, "lr_schedule": ["cosine", "cosine"], "frozen_blocks": 2.5, "momentum": {"min": 0.1, "max": 0.9, "step": 0.1, "count": 3},
         "layer_lr_decay": {"min": 0.1, "max": 1, "scale": "log", "step": 0.1}, "label_smoothing": [1], "optimizer": ["lion"], "warmup_ratio": 1e999}
        """;

    // An option, and a value that is valid where the option is.
    private static readonly (string Name, string Value)[] options =
        [("sampler", "\"random\""), ("order", "\"shuffled\""), ("stopping", "\"median\""), ("reduction_factor", "3"), ("min_epochs", "1"), ("max_epochs", "9")];

    public static TheoryData<string> Algorithms { get; } = [.. AlgorithmCatalog.Names];

    public static TheoryData<string> WithRungs { get; } = [.. AlgorithmCatalog.WithRungs];

    public static TheoryData<string, string, string> Refused { get; } =
        [.. AlgorithmCatalog.Names.SelectMany(a => options.Where(o => !Taken(a).Contains(o.Name)).Select(o => (a, o.Name, o.Value)))];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Validate_OptionOfAnother_IsNotAccepted(string algorithm, string option, string value) =>
        Refuse(Algorithm(algorithm, $"\"{option}\": {value}") + Space, $"/algorithm/{option} not-accepted");

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Validate_UnknownOption_IsRefusedWithASuggestion(string algorithm)
    {
        StudyValidation validation = Refuse(Algorithm(algorithm, "\"min_epoch\": 1, \"ordr\": \"declared\"") + Space, "/algorithm/min_epoch unknown-field", "/algorithm/ordr unknown-field");
        validation.Errors.Select(e => e.Detail).ShouldBe(["There is no field \"min_epoch\" here. Did you mean \"min_epochs\"?", "There is no field \"ordr\" here. Did you mean \"order\"?"]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Validate_EveryMistakeInTheSpace_IsReportedAtOnce(string algorithm) => Refuse(
        $"\"algorithm\": \"{algorithm}\", \"search_space\": {Mistakes}",
        "/search_space/batch_size empty-values", "/search_space/dropout/min min-above-max", "/search_space/frozen_blocks wrong-type",
        "/search_space/label_smoothing/0 out-of-range", "/search_space/layer_lr_decay/step step-conflict", "/search_space/learning_rat unknown-field",
        "/search_space/learning_rate/min log-needs-positive", "/search_space/lr_schedule/1 duplicate-values", "/search_space/momentum/step step-conflict",
        "/search_space/optimizer/0 not-accepted", "/search_space/warmup_ratio not-finite", "/search_space/weight_decay/step out-of-range");

    [Theory]
    [InlineData("\"grid\"", "grid")]
    [InlineData("""{"name": "grid", "stopping": "median"}""", "grid")]
    [InlineData("\"one_at_a_time\"", "one_at_a_time")]
    [InlineData("""{"name": "successive_halving", "sampler": "grid"}""", "grid")]
    [InlineData("""{"name": "asha", "sampler": "grid"}""", "grid")]
    [InlineData("""{"name": "hyperband", "sampler": "grid"}""", "grid")]
    public void Validate_RangeWithoutPoints_IsRefusedWhereTheyAreNeeded(string algorithm, string named)
    {
        StudyValidation validation = Refuse($$""" "algorithm": {{algorithm}}, "search_space": {"dropout": {"min": 0, "max": 0.5}, "batch_size": {"min": 1, "max": 4} } """, "/search_space/dropout needs-points");
        validation.Errors[0].Detail.ShouldStartWith($"{named} needs count or step");
    }

    [Theory]
    [InlineData("\"grid\"")]
    [InlineData("""{"name": "asha", "sampler": "grid"}""")]
    [InlineData("""{"name": "hyperband", "sampler": "grid", "order": "shuffled"}""")]
    public void Validate_TooManyCells_SpellsTheProduct(string algorithm) => Refuse(
        $$""" "algorithm": {{algorithm}}, "search_space": {"batch_size": {"min": 1, "max": 4096}, "dropout": {"min": 0, "max": 0.5, "count": 25} } """, "/search_space space-too-large")
        .Errors[0].Detail.ShouldContain("4,096 (batch_size) x 25 (dropout) = 102,400 cells");

    [Fact]
    public void Validate_TooManyOneAtATime_SpellsTheSum() => Refuse(
        """ "algorithm": "one_at_a_time", "search_space": {"batch_size": {"min": 1, "max": 4096}, "dropout": {"min": 0, "max": 0.5, "count": 95904}} """, "/search_space space-too-large")
        .Errors[0].Detail.ShouldContain("1 (baseline) + 4,096 (batch_size) + 95,904 (dropout) = 100,001 configurations");

    [Theory]
    [MemberData(nameof(WithRungs))]
    public void Validate_SearchedEpochsUnderRungs_AreTheResource(string algorithm)
    {
        Refuse($$""" "algorithm": "{{algorithm}}", "search_space": {"epochs": [3, 9]} """, "/search_space/epochs epochs-is-the-resource");
        Refuse($$"""{{Algorithm(algorithm, "\"max_epochs\": 9")}}, "search_space": {"epochs": 5} """, "/search_space/epochs epochs-is-the-resource");
    }

    [Theory]
    [InlineData("grid")]
    [InlineData("random")]
    [InlineData("sobol")]
    [InlineData("tpe")]
    public void Validate_SearchedEpochsUnderMedianStopping_AreTheResource(string algorithm) => Refuse(
        $$"""{{Algorithm(algorithm, "\"stopping\": {\"name\": \"median\", \"grace_epochs\": 99}")}}, "search_space": {"epochs": {"min": 3, "max": 9} } """,
        "/search_space/epochs epochs-is-the-resource");

    [Theory]
    [MemberData(nameof(WithRungs))]
    public void Validate_LadderOutOfRange_IsRefused(string algorithm)
    {
        Refuse(Algorithm(algorithm, "\"min_epochs\": 0, \"reduction_factor\": 1, \"max_epochs\": 10001"),
            "/algorithm/max_epochs out-of-range", "/algorithm/min_epochs out-of-range", "/algorithm/reduction_factor out-of-range");
        Refuse(Algorithm(algorithm, "\"min_epochs\": 1.5, \"reduction_factor\": 17, \"max_epochs\": \"9\""),
            "/algorithm/max_epochs wrong-type", "/algorithm/min_epochs wrong-type", "/algorithm/reduction_factor out-of-range");
        Refuse(Algorithm(algorithm, "\"min_epochs\": 28, \"max_epochs\": 27"), "/algorithm/min_epochs min-above-max");
        Refuse(Algorithm(algorithm, "\"min_epochs\": 10"), "/algorithm/min_epochs min-above-max");
        Refuse($$"""{{Algorithm(algorithm, "\"min_epochs\": 3")}}, "search_space": {"epochs": 2} """, "/algorithm/min_epochs min-above-max");
        Refuse($$""" "algorithm": "{{algorithm}}", "search_space": {"epochs": 0} """, "/search_space/epochs out-of-range");
    }

    [Theory]
    [MemberData(nameof(WithRungs))]
    public void Validate_EarlyStoppingUnderRungs_IsRefused(string algorithm) =>
        Refuse($$""" "algorithm": "{{algorithm}}", "early_stopping_patience": 1 """, "/early_stopping_patience not-accepted");

    [Theory]
    [InlineData("5")]
    [InlineData("0")]
    [InlineData("\"many\"")]
    public void Validate_MaxTrialsOfHyperband_IsNotAccepted(string trials) =>
        Refuse($""" "algorithm": "hyperband", "max_trials": {trials} """, "/max_trials not-accepted");

    [Theory]
    [InlineData("17", "/algorithm/stopping wrong-type")]
    [InlineData("{}", "/algorithm/stopping/name validation")]
    [InlineData("\"mean\"", "/algorithm/stopping not-accepted")]
    [InlineData("""{"name": "mean"}""", "/algorithm/stopping/name not-accepted")]
    [InlineData("""{"name": "median", "grace_epochs": -1}""", "/algorithm/stopping/grace_epochs out-of-range")]
    [InlineData("""{"name": "median", "grace_epochs": 0.5}""", "/algorithm/stopping/grace_epochs wrong-type")]
    [InlineData("""{"name": "median", "grace_epochs": 9}""", "/algorithm/stopping/grace_epochs out-of-range")]
    [InlineData("""{"name": "median", "grace_epochs": 10000}""", "/algorithm/stopping/grace_epochs out-of-range")]
    [InlineData("""{"name": "median", "min_trials": 0}""", "/algorithm/stopping/min_trials out-of-range")]
    [InlineData("""{"name": "median", "min_trials": "5"}""", "/algorithm/stopping/min_trials wrong-type")]
    [InlineData("""{"name": "median", "min_trials": 100001}""", "/algorithm/stopping/min_trials out-of-range")]
    [InlineData("""{"name": "median", "percentile": 50}""", "/algorithm/stopping/percentile unknown-field")]
    public void Validate_StoppingRule_IsRefused(string rule, string expected) => Refuse(Algorithm("random", $"\"stopping\": {rule}"), expected);

    [Fact]
    public void Validate_MedianStoppingOfOneEpoch_IsRefused() =>
        Refuse(""" "algorithm": {"name": "random", "stopping": "median"}, "search_space": {"epochs": 1, "batch_size": [1, 2]} """, "/algorithm/stopping/grace_epochs out-of-range");

    [Theory]
    [InlineData("3", "/confirm wrong-type")]
    [InlineData("{}", "/confirm/top validation")]
    [InlineData("""{"seeds": 2}""", "/confirm/top validation|/confirm/seeds out-of-range")]
    [InlineData("""{"top": 0}""", "/confirm/top out-of-range")]
    [InlineData("""{"top": 1001}""", "/confirm/top out-of-range")]
    [InlineData("""{"top": 1.5, "seeds": "5"}""", "/confirm/top wrong-type|/confirm/seeds wrong-type")]
    [InlineData("""{"top": 3, "seeds": 101}""", "/confirm/seeds out-of-range")]
    [InlineData("""{"top": 3, "sedes": 5}""", "/confirm/sedes unknown-field")]
    public void Validate_Confirmation_IsRefused(string confirm, string expected) => Refuse($"\"confirm\": {confirm}", expected.Split('|'));

    [Fact]
    public void Validate_OneAtATimeWithoutBaseline_IsRefused() =>
        Refuse(""" "algorithm": "one_at_a_time", "search_space": {"batch_size": [1, 2]}, "baseline": false """, "/baseline not-accepted");

    [Theory]
    [InlineData("\"TPE\"", "tpe")]
    [InlineData("\"sobl\"", "sobol")]
    [InlineData("\"ahsa\"", "asha")]
    [InlineData("\"hyper_band\"", "hyperband")]
    [InlineData("\"one-at-a-time\"", "one_at_a_time")]
    [InlineData("\"sucessive_halving\"", "successive_halving")]
    [InlineData("""{"name": "Hyperband"}""", "hyperband")]
    [InlineData("""{"name": "asha", "sampler": "rnadom"}""", "random")]
    [InlineData("""{"name": "asha", "sampler": "grid", "order": "shufled"}""", "shuffled")]
    [InlineData("""{"name": "asha", "reductionFactor": 3}""", "reduction_factor")]
    [InlineData("""{"name": "tpe", "stopping": "medain"}""", "median")]
    [InlineData("""{"name": "tpe", "stopping": {"name": "Median"}}""", "median")]
    [InlineData("""{"name": "tpe", "stopping": {"name": "median", "grace_epoch": 1}}""", "grace_epochs")]
    public void Validate_Typo_IsRefusedWithASuggestion(string algorithm, string meant) =>
        Requests.Validate(Requests.With($"\"algorithm\": {algorithm}{Space}")).Errors.ShouldHaveSingleItem().Detail.ShouldEndWith($"Did you mean \"{meant}\"?");

    [Fact]
    public void Validate_ManyMistakes_ReportsAllAtOnce() => Refuse(
        """
        "algorithm": {"name": "hyperband", "sampler": "one_at_a_time", "order": "up", "stopping": {"name": "median"}, "reduction_factor": 1, "min_epochs": 20},
        "max_trials": 9, "early_stopping_patience": 2, "confirm": {"top": 0, "seeds": 2}, "probe": true, "search_space": {"epochs": [1, 2]}
        """,
        "/algorithm/min_epochs min-above-max", "/algorithm/order not-accepted", "/algorithm/reduction_factor out-of-range", "/algorithm/sampler not-accepted",
        "/algorithm/stopping not-accepted", "/confirm/seeds out-of-range", "/confirm/top out-of-range", "/early_stopping_patience not-accepted", "/max_trials not-accepted",
        "/probe not-accepted", "/search_space/epochs epochs-is-the-resource");

    private static string[] Taken(string algorithm) => algorithm switch
    {
        "grid" => ["order", "stopping"],
        "random" or "sobol" or "tpe" => ["stopping"],
        "one_at_a_time" => [],
        _ => ["sampler", "reduction_factor", "min_epochs", "max_epochs"],
    };

    private static string Algorithm(string name, string fields) => $$""" "algorithm": {"name": "{{name}}", {{fields}}} """;

    private static StudyValidation Refuse(string fields, params string[] expected)
    {
        StudyValidation validation = Requests.Validate(Requests.With(fields));
        validation.Errors.Select(e => $"{e.Pointer} {e.Code}").Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal));
        validation.Spec.ShouldBeNull();
        return validation;
    }
}
