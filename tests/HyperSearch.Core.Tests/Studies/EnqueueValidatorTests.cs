using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class EnqueueValidatorTests
{
    private static readonly StudySpec Random = Requests.Valid(Requests.With("\"search_space\": {\"learning_rate\": {\"min\": 1e-3, \"max\": 1e-1}, \"batch_size\": [16, 32], \"dropout\": 0.25}"));

    [Fact]
    public void Validate_SomeParameters_AreCompletedByTheStudysConstantsAndNormalised()
    {
        ParameterSet parameters = Valid("""{"learning_rate": 0.5, "batch_size": 17.0, "lr_schedule": "one_cycle", "momentum": 0.5, "warmup_ratio": 0.1, "weight_decay": null}""", Random);

        (parameters.LearningRate, parameters.BatchSize, parameters.Dropout, parameters.LrSchedule).ShouldBe((0.5, 17, 0.25, LearningRateScheduleKind.OneCycle));
        parameters[HyperparameterCatalog.Momentum].ShouldBeNull();
        parameters[HyperparameterCatalog.WarmupRatio].ShouldBeNull();
        parameters.WeightDecay.ShouldBe(Random.Space.Constants.WeightDecay);
    }

    [Fact]
    public void Validate_ParametersOfATrial_GiveItBack()
    {
        ParameterSet trial = Valid("""{"optimizer": "sgd", "momentum": 0.3, "frozen_blocks": 4, "unfreeze_every": 2}""", Random);

        Valid(trial.ToJson().ToJsonString(), Random).ShouldBe(trial);
        Valid("{}", Random).ShouldBe(Random.Space.Constants.Normalize());
    }

    [Theory]
    [InlineData("[]", " wrong-type")]
    [InlineData("{}", "/parameters validation")]
    [InlineData("""{"parameters": null}""", "/parameters validation")]
    [InlineData("""{"parameters": [1]}""", "/parameters wrong-type")]
    [InlineData("""{"parameters": {}, "paramters": {}}""", "/paramters unknown-field")]
    [InlineData("""{"parameters": {"dropout": 1, "dropout": 0.1}}""", "/parameters/dropout not-accepted", "/parameters/dropout out-of-range")]
    [InlineData(
        """{"parameters": {"learnig_rate": 1, "learning_rate": 0, "batch_size": 1.5, "epochs": 0, "frozen_blocks": 5, "lr_schedule": "sine", "optimizer": 1, "weight_decay": 1e999, "label_smoothing": [0.1]}}""",
        "/parameters/weight_decay not-finite", "/parameters/learnig_rate unknown-field", "/parameters/learning_rate out-of-range", "/parameters/batch_size wrong-type",
        "/parameters/epochs out-of-range", "/parameters/lr_schedule not-accepted", "/parameters/frozen_blocks out-of-range", "/parameters/optimizer wrong-type", "/parameters/label_smoothing wrong-type")]
    public void Validate_WrongRequest_ReportsAllErrorsAtOnce(string request, params string[] errors)
    {
        EnqueueValidation validation = Validate(request, Random);

        validation.Parameters.ShouldBeNull();
        validation.Errors.Select(e => $"{e.Pointer} {e.Code}").ShouldBe(errors);
    }

    [Fact]
    public void Validate_UnknownName_SuggestsTheRightOne() =>
        Validate("""{"parameters": {"learningRate": 1}}""", Random).Errors.ShouldHaveSingleItem().Detail.ShouldContain("Did you mean \"learning_rate\"?");

    [Theory]
    [InlineData("\"algorithm\": {\"name\": \"successive_halving\", \"max_epochs\": 27}", 27, 9)]
    [InlineData("\"algorithm\": {\"name\": \"random\", \"stopping\": {\"name\": \"median\"}}", 9, 8)]
    public void Validate_EpochsWhereTrialsAreComparedOnTheWay_AreTheStudysAlone(string algorithm, int right, int wrong)
    {
        StudySpec spec = Requests.Valid(Requests.With(algorithm));

        Valid($"{{\"epochs\": {right}}}", spec).Epochs.ShouldBe(right);
        ValidationError error = Validate($"{{\"parameters\": {{\"epochs\": {wrong}}}}}", spec).Errors.ShouldHaveSingleItem();
        (error.Pointer, error.Code).ShouldBe(("/parameters/epochs", ErrorCode.EpochsIsTheResource));
        Valid($"{{\"epochs\": {wrong}}}", Random).Epochs.ShouldBe(wrong);
    }

    private static ParameterSet Valid(string parameters, StudySpec spec)
    {
        EnqueueValidation validation = Validate($"{{\"parameters\": {parameters}}}", spec);
        validation.Errors.ShouldBeEmpty();
        return validation.Parameters.ShouldNotBeNull();
    }

    private static EnqueueValidation Validate(string request, StudySpec spec)
    {
        using JsonDocument document = JsonDocument.Parse(request);
        return EnqueueValidator.Validate(document.RootElement, spec);
    }
}
