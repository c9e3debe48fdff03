using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyValidatorTests
{
    private const string Example = """
        { "name": "fashion-first", "model": "convnet", "dataset": "fashion-mnist-sample",
          "algorithm": { "name": "successive_halving", "reduction_factor": 3, "min_epochs": 1, "max_epochs": 9 },
          "search_space": { "learning_rate": { "min": 1e-4, "max": 1e-1, "scale": "log" }, "batch_size": [16, 32, 64],
                            "dropout": { "min": 0, "max": 0.5 }, "weight_decay": { "min": 1e-6, "max": 1e-1, "scale": "log" },
                            "lr_schedule": ["constant", "linear", "cosine"], "frozen_blocks": { "min": 0, "max": 3 } },
          "max_trials": 27, "seed": 42 }
        """;

    [Fact]
    public void Validate_Example_IsValidWithoutWarnings()
    {
        StudyValidation validation = Requests.Validate(Example);
        validation.Errors.ShouldBeEmpty();
        validation.Warnings.ShouldBeEmpty();
        StudySpec spec = validation.Spec.ShouldNotBeNull();
        spec.Trials.ShouldBe(27);
        spec.Seed.ShouldBe(42);
        spec.MaxFailedTrials.ShouldBe(3);
        spec.Model.Weights.ShouldBe("samples:convnet");
        spec.Dataset.ShouldBe(new StudyDataset { Name = "fashion-mnist-sample", Location = "samples:fashion-mnist-sample", Classes = 10 });
        spec.Algorithm.ShouldBe(new StudyAlgorithm { Name = "successive_halving", Sampler = "random", ReductionFactor = 3, MinEpochs = 1, MaxEpochs = 9 });
        spec.Space.Domains.Select(d => d.Hyperparameter.Name)
            .ShouldBe(["learning_rate", "batch_size", "dropout", "weight_decay", "lr_schedule", "frozen_blocks"]);
    }

    [Fact]
    public void Validate_WithoutSpaceUnderRungs_SearchesTheExample()
    {
        StudySpec example = Requests.Valid(Example);
        StudySpec spec = Requests.Valid("""{"name": "a", "model": "convnet", "dataset": "fashion-mnist-sample", "algorithm": "successive_halving", "seed": 1}""");
        Show(spec).ShouldBe(Show(example));
        spec.Algorithm.MaxEpochs.ShouldBe(9);
        static string Show(StudySpec s) => StudySpecJson.To(s)["search_space"]!.ToJsonString();
    }

    [Fact]
    public void Validate_WithoutSpaceWithoutRungs_SearchesAllSchedules()
    {
        StudySpec spec = Requests.Valid(Requests.With(""));
        spec.Space.Domains.OfType<ParameterDomain.Listed>().Single(d => d.Hyperparameter == HyperparameterCatalog.LrSchedule).Values.Length.ShouldBe(6);
        spec.Algorithm.ShouldBe(new StudyAlgorithm { Name = "random", Sampler = "random" });
        spec.Trials.ShouldBe(20);
    }

    [Fact]
    public void Validate_FamilyOfTwoBlocks_FreezesTwoByDefault() =>
        Requests.Valid("""{"name": "a", "model": {"family": "synthetic", "blocks": 2}}""").Space.Domains[^1].Largest.ShouldBe(2);

    [Fact]
    public void Validate_SeedOmitted_TakesTheDrawnOne() => Requests.Valid("""{"name": "a", "model": "synthetic"}""").Seed.ShouldBe(Requests.DrawnSeed);

    [Fact]
    public void Validate_Scalars_AreConstantsOfTheBaseline()
    {
        StudySpec spec = Requests.Valid(Requests.With(""" "search_space": {"batch_size": 16.0, "optimizer": "sgd", "epochs": 4, "dropout": -0.0, "lr_schedule": ["step"]} """));
        spec.Space.Domains.ShouldHaveSingleItem().Hyperparameter.ShouldBe(HyperparameterCatalog.LrSchedule);
        spec.Space.Constants.BatchSize.ShouldBe(16);
        spec.Space.Constants.Optimizer.ShouldBe(OptimizerKind.Sgd);
        spec.Space.Constants.Epochs.ShouldBe(4);
        double.IsNegative(spec.Space.Constants.Dropout).ShouldBeFalse();
        spec.Space.Constants.LrSchedule.ShouldBe(LearningRateScheduleKind.Cosine);
    }

    [Theory]
    [InlineData("""{"name": "successive_halving"}""", 9)]
    [InlineData("""{"name": "successive_halving", "max_epochs": 27}""", 27)]
    public void Validate_MaxEpochs_IsEveryTrialsEpochs(string algorithm, int expected)
    {
        StudySpec spec = Requests.Valid(Requests.With($"\"algorithm\": {algorithm}"));
        spec.Algorithm.MaxEpochs.ShouldBe(expected);
        spec.Space.Constants.Epochs.ShouldBe(expected);
    }

    [Fact]
    public void Validate_ConstantEpochs_IsMaxEpochs()
    {
        StudySpec spec = Requests.Valid(Requests.With(""" "algorithm": "successive_halving", "search_space": {"epochs": 12, "batch_size": [1, 2]} """));
        spec.Algorithm.MaxEpochs.ShouldBe(12);
    }

    [Fact]
    public void Validate_NullsOfGeneratedClients_AreDefaults()
    {
        StudySpec spec = Requests.Valid("""
            {"name": "a", "model": {"family": "synthetic", "noise": null}, "dataset": null, "objective": {"metric": null}, "algorithm": null, "search_space": null,
             "max_trials": null, "max_parallel": null, "seed": 1, "confirm": null, "labels": null, "target": null, "probe": null}
            """);
        spec.Trials.ShouldBe(20);
        spec.Objective.ShouldBe(new Objective());
    }

    [Fact]
    public void Validate_EveryField_IsKept()
    {
        StudySpec spec = Requests.Valid("""
            {"name": "a.b-c_9", "model": {"family": "synthetic", "epoch_ms": 5, "failure_rate": 0.1, "divergence_rate": 0.2, "noise": 0.02, "crossing": 0.5},
             "objective": {"metric": "val_accuracy", "summary": "last"}, "algorithm": {"name": "grid", "order": "shuffled"},
             "search_space": {"batch_size": [16, 32]}, "max_trials": 1, "max_parallel": 2, "max_epochs_total": 30, "max_device_seconds": 4.5, "max_duration_s": 5.5,
             "target": 0.9, "patience_trials": 6, "max_failed_trials": 0, "seed": 9007199254740991, "seed_mode": "per_trial", "baseline": false,
             "precision": "bf16", "augmentation": "light", "class_weights": "balanced", "early_stopping_patience": 7, "max_grad_norm": 1.5, "keep_top": 2,
             "probe": false, "pool": "gpu", "priority": -3, "labels": {"team": "nlp"}, "description": "d", "notes": "n"}
            """);
        spec.Model.Synthetic.ShouldBe(new SyntheticOptions { EpochMs = 5, FailureRate = 0.1, DivergenceRate = 0.2, Noise = 0.02, Crossing = 0.5 });
        spec.Objective.ShouldBe(new Objective { Metric = "val_accuracy", Maximize = true, BestEpoch = false });
        spec.Algorithm.Shuffled.ShouldBeTrue();
        (spec.Trials, spec.MaxParallel, spec.MaxEpochsTotal, spec.MaxDeviceSeconds, spec.MaxDurationS).ShouldBe((1, 2, 30, 4.5, 5.5));
        (spec.Target, spec.PatienceTrials, spec.MaxFailedTrials, spec.Seed, spec.SeedPerTrial).ShouldBe((0.9, 6, 0, 9007199254740991, true));
        (spec.Baseline, spec.Precision, spec.Augmentation, spec.ClassWeights).ShouldBe((false, "bf16", "light", "balanced"));
        (spec.EarlyStoppingPatience, spec.MaxGradNorm, spec.KeepTop, spec.Pool, spec.Priority).ShouldBe((7, 1.5, 2, "gpu", -3));
        (spec.Labels["team"], spec.Description, spec.Notes).ShouldBe(("nlp", "d", "n"));
    }

    [Theory]
    [InlineData("", "fp32")]
    [InlineData(""", "precision": null""", "fp32")]
    [InlineData(""", "precision": "bf16" """, "bf16")]
    public void Validate_Precision_IsWhatWorkersNeed(string field, string needed)
    {
        StudySpec spec = Requests.Valid($$"""{"name": "a", "model": "convnet", "dataset": "fashion-mnist-sample"{{field}}}""");
        (spec.Precision, spec.NeededPrecision).ShouldBe((needed, needed));
        Precisions.Suffice(Precisions.All, needed).ShouldBeTrue();
        Precisions.Suffice([Precisions.Fp32], needed).ShouldBe(needed == Precisions.Fp32);
    }

    [Fact]
    public void Validate_PrecisionOfTheSyntheticFamily_NeedsNoneOfWorkers()
    {
        StudySpec spec = Requests.Valid(Requests.With("\"precision\": \"bf16\""));
        (spec.Precision, spec.NeededPrecision).ShouldBe(("bf16", null));
        Precisions.Suffice([], spec.NeededPrecision).ShouldBeTrue();
    }

    [Theory]
    [InlineData(12, 20, true)]
    [InlineData(40, 20, false)]
    public void Validate_FiniteSpace_LowersTrials(int cells, int asked, bool exhausted)
    {
        StudySpec spec = Requests.Valid(Requests.With($$""" "search_space": {"batch_size": {"min": 1, "max": {{cells}} } }, "max_trials": {{asked}} """));
        spec.Trials.ShouldBe(Math.Min(cells, asked));
        spec.SpaceExhausted.ShouldBe(exhausted);
    }

    [Theory]
    [InlineData("\"grid\"")]
    [InlineData("""{"name": "successive_halving", "sampler": "grid"}""")]
    public void Validate_GridWithoutMaxTrials_TakesAllCells(string algorithm)
    {
        StudySpec spec = Requests.Valid(Requests.With($$""" "algorithm": {{algorithm}}, "search_space": {"batch_size": {"min": 1, "max": 77} } """));
        spec.Trials.ShouldBe(77);
        spec.SpaceExhausted.ShouldBeFalse();
        spec.MaxFailedTrials.ShouldBe(8);
    }

    [Theory]
    [InlineData("\"median\"", 1, 5)]
    [InlineData("""{"name": "median"}""", 1, 5)]
    [InlineData("""{"name": "median", "grace_epochs": 0, "min_trials": 1}""", 0, 1)]
    [InlineData("""{"name": "median", "grace_epochs": 8.0, "min_trials": null}""", 8, 5)]
    public void Validate_MedianStopping_IsRead(string rule, int grace, int trials)
    {
        StudyAlgorithm algorithm = Requests.Valid(Requests.With($$""" "algorithm": {"name": "random", "stopping": {{rule}}} """)).Algorithm;
        algorithm.ShouldBe(new StudyAlgorithm { Name = "random", Sampler = "random", Stopping = new() { GraceEpochs = grace, MinTrials = trials } });
        algorithm.IsMultiFidelity.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"top": 3}""", 3, 5)]
    [InlineData("""{"top": 1000, "seeds": 100}""", 1000, 100)]
    [InlineData("""{"top": 1, "seeds": 3}""", 1, 3)]
    public void Validate_Confirmation_IsRead(string confirm, int top, int seeds) =>
        Requests.Valid(Requests.With($"\"confirm\": {confirm}")).Confirm.ShouldBe(new StudyConfirm(top, seeds));

    [Theory]
    [InlineData("\"asha\"", 20)]
    [InlineData("\"hyperband\"", 17)]
    [InlineData("""{"name": "hyperband", "max_epochs": 27}""", 49)]
    [InlineData("""{"name": "hyperband", "max_epochs": 81}""", 143)]
    public void Validate_WithRungs_HasItsTrials(string algorithm, int trials)
    {
        StudySpec spec = Requests.Valid(Requests.With($"\"algorithm\": {algorithm}"));
        spec.Trials.ShouldBe(trials);
        spec.Algorithm.Sampler.ShouldBe("random");
        spec.MaxFailedTrials.ShouldBe(Math.Max(3, (trials + 9) / 10));
        spec.SpaceExhausted.ShouldBeFalse();
    }

    [Fact]
    public void Validate_ManyMistakes_ReportsAllAtOnce()
    {
        StudyValidation validation = Requests.Validate("""
            {"name": "St_x", "model": "convnt", "dataset": "fashion-mnist-smple", "algorithm": {"name": "random", "etaa": 3}, "objective": {"metric": "val_los"},
             "search_space": {"learning_rat": [1], "dropout": {"min": 0.5, "max": 0.1}, "batch_size": []}, "max_trials": 0, "seed": -1, "labels": {"a": 1}}
            """);
        validation.Spec.ShouldBeNull();
        validation.Errors.Select(e => $"{e.Pointer} {e.Code}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "/algorithm/etaa unknown-field", "/dataset no-such-dataset", "/labels/a wrong-type", "/max_trials out-of-range", "/model no-such-model",
            "/name not-accepted", "/objective/metric not-accepted", "/search_space/batch_size empty-values", "/search_space/dropout/min min-above-max",
            "/search_space/learning_rat unknown-field", "/seed out-of-range",
        ]);
        validation.Errors.Single(e => e.Code == ErrorCode.NoSuchModel).Detail.ShouldContain("Did you mean \"convnet\"?");
        validation.Errors.Single(e => e.Pointer == "/search_space/learning_rat").Detail.ShouldContain("Did you mean \"learning_rate\"?");
    }

    [Fact]
    public void Validate_DrawnSeedOutOfRange_Throws()
    {
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse("{}");
        Should.Throw<ArgumentOutOfRangeException>(() => StudyValidator.Validate(document.RootElement, Catalog.BuiltIn, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => StudyValidator.Validate(document.RootElement, Catalog.BuiltIn, 1L << 53));
    }
}
