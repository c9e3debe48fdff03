using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

/// <summary>One mistake, one error: its pointer and code.</summary>
public sealed class StudyErrorTests
{
    private const string Grid = "\"algorithm\": \"grid\", ";
    private const string Halving = "\"algorithm\": \"successive_halving\", ";

    [Theory]
    [InlineData("[]", "", "wrong-type")]
    [InlineData("null", "", "wrong-type")]
    [InlineData("\"a\"", "", "wrong-type")]
    [InlineData("17", "", "wrong-type")]
    [InlineData("""{"model": "synthetic"}""", "/name", "validation")]
    [InlineData("""{"name": "a"}""", "/model", "validation")]
    [InlineData("""{"name": "a", "model": "convnet"}""", "/dataset", "validation")]
    [InlineData("""{"name": "a", "name": "a", "model": "synthetic"}""", "/name", "not-accepted")]
    [InlineData("""{"name": "a", "model": "synthetic", "a/b~c": 1}""", "/a~1b~0c", "unknown-field")]
    [InlineData("""{"name": "a", "model": "synthetic", "": 1}""", "/", "unknown-field")]
    [InlineData("""{"name": "a", "model": {"weights": null}}""", "/model/family", "validation")]
    [InlineData("""{"name": "a", "model": {"family": "convnt"}, "dataset": "fashion-mnist"}""", "/model/family", "no-such-model")]
    [InlineData("""{"name": "a", "model": {"family": "convnet", "noise": 1}, "dataset": "fashion-mnist"}""", "/model/noise", "not-accepted")]
    [InlineData("""{"name": "a", "model": {"family": "convnet", "weights": "/etc/passwd"}, "dataset": "fashion-mnist"}""", "/model/weights", "not-accepted")]
    [InlineData("""{"name": "a", "model": {"family": "convnet", "weights": "https://x/y"}, "dataset": "fashion-mnist"}""", "/model/weights", "not-accepted")]
    [InlineData("""{"name": "a", "model": {"family": "synthetic", "weights": "x"}}""", "/model/weights", "not-accepted")]
    [InlineData("""{"name": "a", "model": {"family": "synthetic", "failure_rate": 1.5}}""", "/model/failure_rate", "out-of-range")]
    [InlineData("""{"name": "a", "model": {"family": "synthetic", "blocks": 0}}""", "/model/blocks", "out-of-range")]
    [InlineData("""{"name": "a", "model": 3}""", "/model", "wrong-type")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": "mnist"}""", "/dataset", "no-such-dataset")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": "none"}""", "/dataset", "no-such-dataset")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": []}""", "/dataset", "wrong-type")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {}}""", "/dataset/name", "validation")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"path": "relative"}}""", "/dataset/path", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"path": "/data/x"}}""", "/dataset/path", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"uri": "s3://x"}}""", "/dataset/uri", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "format": "csv"}}""", "/dataset/format", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "path": "/x"}}""", "/dataset/path", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "max_train_examples": 0}}""", "/dataset/max_train_examples", "out-of-range")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "image_size": 7}}""", "/dataset/image_size", "out-of-range")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "image_size": 32.5}}""", "/dataset/image_size", "wrong-type")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "split": "Validation"}}""", "/dataset/split", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "split": " "}}""", "/dataset/split", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": {"name": "fashion-mnist", "text_colum": "x"}}""", "/dataset/text_colum", "unknown-field")]
    [InlineData("""{"name": "a", "model": {"family": "bert"}, "dataset": "fashion-mnist"}""", "/dataset", "not-accepted")]
    [InlineData("""{"name": "a", "model": "convnet", "dataset": "fashion-mnist", "objective": {"metric": "val_auroc"}}""", "/objective/metric", "not-accepted")]
    public void Validate_Document_IsRefused(string json, string pointer, string code) => ShouldBe(Requests.Validate(json), pointer, code);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"A\"")]
    [InlineData("\"-a\"")]
    [InlineData("\"st_a\"")]
    [InlineData("\"a b\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("\"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01\"")]
    public void Validate_Name_IsRefused(string name) => ShouldBe(Requests.Validate($$"""{"name": {{name}}, "model": "synthetic"}"""), "/name", "not-accepted");

    [Theory]
    [InlineData(""" "objective": "val_loss" """, "/objective", "wrong-type")]
    [InlineData(""" "objective": {"metric": "f1"} """, "/objective/metric", "not-accepted")]
    [InlineData(""" "objective": {"metric": "val_auroc"} """, "/objective/metric", "not-accepted")]
    [InlineData(""" "objective": {"goal": "min"} """, "/objective/goal", "not-accepted")]
    [InlineData(""" "objective": {"summary": 1} """, "/objective/summary", "wrong-type")]
    [InlineData(""" "algorithm": 1 """, "/algorithm", "wrong-type")]
    [InlineData(""" "algorithm": {} """, "/algorithm/name", "validation")]
    [InlineData(""" "algorithm": "ramdom" """, "/algorithm", "not-accepted")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "sampler": "best"} """, "/algorithm/sampler", "not-accepted")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "order": "shuffled"} """, "/algorithm/order", "not-accepted")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "stopping": {"name": "median"}} """, "/algorithm/stopping", "not-accepted")]
    [InlineData(""" "algorithm": {"name": "random", "order": "shuffled"} """, "/algorithm/order", "not-accepted")]
    [InlineData(""" "algorithm": {"name": "random", "min_epochs": 1} """, "/algorithm/min_epochs", "not-accepted")]
    [InlineData(""" "algorithm": {"name": "random", "sampler": "random"} """, "/algorithm/sampler", "not-accepted")]
    [InlineData(""" "max_epochs_total": 8 """, "/max_epochs_total", "out-of-range")]
    [InlineData(""" "algorithm": {"name": "asha", "min_epochs": 3}, "baseline": false, "max_epochs_total": 2 """, "/max_epochs_total", "out-of-range")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "reduction_factor": 1} """, "/algorithm/reduction_factor", "out-of-range")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "reduction_factor": 17} """, "/algorithm/reduction_factor", "out-of-range")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "reduction_factor": 2.5} """, "/algorithm/reduction_factor", "wrong-type")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "min_epochs": 0} """, "/algorithm/min_epochs", "out-of-range")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "min_epochs": 10} """, "/algorithm/min_epochs", "min-above-max")]
    [InlineData(""" "algorithm": {"name": "successive_halving", "max_epochs": 10001} """, "/algorithm/max_epochs", "out-of-range")]
    [InlineData(Halving + """ "early_stopping_patience": 3 """, "/early_stopping_patience", "not-accepted")]
    [InlineData(""" "max_trials": 16.5 """, "/max_trials", "wrong-type")]
    [InlineData(""" "max_trials": "16" """, "/max_trials", "wrong-type")]
    [InlineData(""" "max_trials": 1e999 """, "/max_trials", "not-finite")]
    [InlineData(""" "max_trials": 100001 """, "/max_trials", "out-of-range")]
    [InlineData(""" "max_parallel": 0 """, "/max_parallel", "out-of-range")]
    [InlineData(""" "max_epochs_total": 0 """, "/max_epochs_total", "out-of-range")]
    [InlineData(""" "max_device_seconds": -1 """, "/max_device_seconds", "out-of-range")]
    [InlineData(""" "max_duration_s": 0 """, "/max_duration_s", "out-of-range")]
    [InlineData(""" "target": "low" """, "/target", "wrong-type")]
    [InlineData(""" "patience_trials": 0 """, "/patience_trials", "out-of-range")]
    [InlineData(""" "max_failed_trials": -1 """, "/max_failed_trials", "out-of-range")]
    [InlineData(""" "seed_mode": "both" """, "/seed_mode", "not-accepted")]
    [InlineData(""" "baseline": 1 """, "/baseline", "wrong-type")]
    [InlineData(""" "precision": "fp8" """, "/precision", "not-accepted")]
    [InlineData(""" "augmentation": "heavy" """, "/augmentation", "not-accepted")]
    [InlineData(""" "class_weights": true """, "/class_weights", "wrong-type")]
    [InlineData(""" "max_grad_norm": -1 """, "/max_grad_norm", "out-of-range")]
    [InlineData(""" "keep_top": -1 """, "/keep_top", "out-of-range")]
    [InlineData(""" "probe": true """, "/probe", "not-accepted")]
    [InlineData(""" "probe": "yes" """, "/probe", "wrong-type")]
    [InlineData(""" "pool": "" """, "/pool", "not-accepted")]
    [InlineData(""" "priority": 1.5 """, "/priority", "wrong-type")]
    [InlineData(""" "labels": {"a:b": "c"} """, "/labels/a:b", "not-accepted")]
    [InlineData(""" "labels": ["a"] """, "/labels", "wrong-type")]
    [InlineData(""" "notes": 1 """, "/notes", "wrong-type")]
    [InlineData(""" "description": "a\u0000b" """, "/description", "not-accepted")]
    [InlineData(""" "notes": "\ud800" """, "/notes", "validation")]
    [InlineData(""" "max_trial": 3 """, "/max_trial", "unknown-field")]
    public void Validate_Field_IsRefused(string fields, string pointer, string code) => ShouldBe(Requests.Validate(Requests.With(fields)), pointer, code);

    [Theory]
    [InlineData("\"synthetic\"", "The synthetic family has no weights and no features to probe.")]
    [InlineData("{\"family\": \"convnet\"}", "The model starts from scratch; a probe needs pretrained weights.")]
    public void Validate_ProbeOfAModelWithoutWeights_IsRefused(string model, string why) => Requests.Validate(
            $$"""{"name": "a", "model": {{model}}, "dataset": {{(model[0] == '{' ? "\"fashion-mnist-sample\"" : "null")}}, "seed": 1, "probe": true}""")
        .Errors.ShouldHaveSingleItem().ShouldBe(new ValidationError("/probe", "not-accepted", why));

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-1")]
    [InlineData("1e300")]
    public void Validate_Seed_IsRefused(string seed) => ShouldBe(Requests.Validate($$"""{"name": "a", "model": "synthetic", "seed": {{seed}}}"""), "/seed", "out-of-range");

    [Theory]
    [InlineData("", "[]", "", "wrong-type")]
    [InlineData("", """{"learning_rat": [1]}""", "/learning_rat", "unknown-field")]
    [InlineData("", """{"max_grad_norm": [1]}""", "/max_grad_norm", "unknown-field")]
    [InlineData("", """{"dropout": null}""", "/dropout", "wrong-type")]
    [InlineData("", """{"dropout": true}""", "/dropout", "wrong-type")]
    [InlineData("", """{"dropout": {}}""", "/dropout/min|/dropout/max", "validation")]
    [InlineData("", """{"dropout": {"min": 0.1}}""", "/dropout/max", "validation")]
    [InlineData("", """{"dropout": {"min": 0.5, "max": 0.1}}""", "/dropout/min", "min-above-max")]
    [InlineData("", """{"weight_decay": {"min": 0, "max": 0.1, "scale": "log"}}""", "/weight_decay/min", "log-needs-positive")]
    [InlineData("", """{"learning_rate": {"min": 0, "max": 0.1, "scale": "log"}}""", "/learning_rate/min", "log-needs-positive")]
    [InlineData("", """{"learning_rate": {"min": -1, "max": 0.1, "scale": "log"}}""", "/learning_rate/min", "log-needs-positive")]
    [InlineData("", """{"frozen_blocks": {"min": 0, "max": 3, "scale": "log"}}""", "/frozen_blocks/min", "log-needs-positive")]
    [InlineData("", """{"learning_rate": {"min": 0, "max": 0.1}}""", "/learning_rate/min", "out-of-range")]
    [InlineData("", """{"dropout": {"min": 0, "max": 1}}""", "/dropout/max", "out-of-range")]
    [InlineData("", """{"batch_size": {"min": 1, "max": 4097}}""", "/batch_size/max", "out-of-range")]
    [InlineData("", """{"frozen_blocks": {"min": 0, "max": 5}}""", "/frozen_blocks/max", "out-of-range")]
    [InlineData("", """{"frozen_blocks": 5}""", "/frozen_blocks", "out-of-range")]
    [InlineData("", """{"weight_decay": 1e-310}""", "/weight_decay", "out-of-range")]
    [InlineData("", """{"batch_size": {"min": 1.5, "max": 4}}""", "/batch_size/min", "wrong-type")]
    [InlineData("", """{"batch_size": [16.5]}""", "/batch_size/0", "wrong-type")]
    [InlineData("", """{"batch_size": {"values": [16, "32"]}}""", "/batch_size/values/1", "wrong-type")]
    [InlineData("", """{"batch_size": {"values": 16}}""", "/batch_size/values", "wrong-type")]
    [InlineData("", """{"batch_size": {"values": [16], "min": 1}}""", "/batch_size/min", "not-accepted")]
    [InlineData("", """{"batch_size": {"values": [16], "steps": 1}}""", "/batch_size/steps", "unknown-field")]
    [InlineData("", """{"batch_size": []}""", "/batch_size", "empty-values")]
    [InlineData("", """{"batch_size": {"values": []}}""", "/batch_size/values", "empty-values")]
    [InlineData("", """{"batch_size": [1, 2, 1.0]}""", "/batch_size/2", "duplicate-values")]
    [InlineData("", """{"lr_schedule": ["step", "step"]}""", "/lr_schedule/1", "duplicate-values")]
    [InlineData("", """{"lr_schedule": ["cosin"]}""", "/lr_schedule/0", "not-accepted")]
    [InlineData("", """{"lr_schedule": [1]}""", "/lr_schedule/0", "wrong-type")]
    [InlineData("", """{"lr_schedule": {"min": 0, "max": 2}}""", "/lr_schedule", "wrong-type")]
    [InlineData("", """{"dropout": {"min": 0, "max": 0.5, "step": 0}}""", "/dropout/step", "out-of-range")]
    [InlineData("", """{"dropout": {"min": 0, "max": 0.5, "step": -0.1}}""", "/dropout/step", "out-of-range")]
    [InlineData("", """{"dropout": {"min": 0, "max": 0.5, "step": 1e-300}}""", "/dropout/step", "out-of-range")]
    [InlineData("", """{"batch_size": {"min": 1, "max": 9, "step": 0.5}}""", "/batch_size/step", "wrong-type")]
    [InlineData("", """{"dropout": {"min": 0.1, "max": 0.5, "step": 0.1, "scale": "log"}}""", "/dropout/step", "step-conflict")]
    [InlineData("", """{"dropout": {"min": 0.1, "max": 0.5, "step": 0.1, "count": 3}}""", "/dropout/step", "step-conflict")]
    [InlineData("", """{"dropout": {"min": 0.1, "max": 0.5, "count": 0}}""", "/dropout/count", "out-of-range")]
    [InlineData("", """{"dropout": {"min": 0.1, "max": 0.5, "scale": "cubic"}}""", "/dropout/scale", "not-accepted")]
    [InlineData("", """{"dropout": {"min": 0.1, "max": 1e999}}""", "/dropout/max", "not-finite")]
    [InlineData("", """{"weight_decay": [1, -1e999]}""", "/weight_decay/1", "not-finite")]
    [InlineData(Grid, """{"dropout": {"min": 0.1, "max": 0.5}}""", "/dropout", "needs-points")]
    [InlineData(Grid, """{"batch_size": {"min": 1, "max": 4096}, "epochs": {"min": 1, "max": 25}}""", "", "space-too-large")]
    [InlineData(Grid, """{"dropout": {"min": 0, "max": 0.5, "count": 2000000000}}""", "", "space-too-large")]
    [InlineData(Grid, """{"dropout": {"min": 0, "max": 0.5, "step": 1e-11}, "momentum": {"min": 0, "max": 0.5, "step": 1e-11}}""", "", "space-too-large")]
    [InlineData(Halving, """{"epochs": [3, 9]}""", "/epochs", "epochs-is-the-resource")]
    [InlineData(Halving, """{"epochs": {"min": 3, "max": 9}}""", "/epochs", "epochs-is-the-resource")]
    [InlineData("\"algorithm\": {\"name\": \"successive_halving\", \"max_epochs\": 9}, ", """{"epochs": 5}""", "/epochs", "epochs-is-the-resource")]
    public void Validate_Space_IsRefused(string algorithm, string space, string pointers, string code)
    {
        StudyValidation validation = Requests.Validate(Requests.With($"{algorithm}\"search_space\": {space}"));
        validation.Errors.Select(e => (e.Pointer, e.Code)).ShouldBe(pointers.Split('|').Select(p => ("/search_space" + p, code)));
    }

    [Fact]
    public void Validate_NulInAKey_IsRefused() => Requests.Validate(Requests.With(""" "labels": {"a\u0000": "b"} """)).Errors
        .ShouldContain(new ValidationError("/labels/a\0", "not-accepted", "U+0000 cannot be stored."));

    [Fact]
    public void Validate_DefaultSpaceUnderGrid_NeedsPoints() => Requests.Validate(Requests.With(""" "algorithm": "grid" """)).Errors
        .Select(e => $"{e.Pointer} {e.Code}").ShouldBe(
        [
            "/search_space/learning_rate needs-points", "/search_space/dropout needs-points", "/search_space/weight_decay needs-points",
        ]);

    [Fact]
    public void Validate_TooManyCells_SpellsTheProduct() =>
        Requests.Validate(Requests.With(Grid + """ "max_trials": 5, "search_space": {"batch_size": {"min": 1, "max": 4096}, "epochs": {"min": 1, "max": 25}} """))
            .Errors.Single().Detail.ShouldContain("4,096 (batch_size) x 25 (epochs) = 102,400 cells");

    private static void ShouldBe(StudyValidation validation, string pointer, string code)
    {
        validation.Spec.ShouldBeNull();
        ValidationError error = validation.Errors.ShouldHaveSingleItem();
        (error.Pointer, error.Code).ShouldBe((pointer, code));
        error.Detail.ShouldNotBeNullOrWhiteSpace();
    }
}
