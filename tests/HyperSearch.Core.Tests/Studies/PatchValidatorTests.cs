using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class PatchValidatorTests
{
    private static readonly ImmutableSortedDictionary<string, string> Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "nlp").Add("tier", "1");

    private static Study Study => new StudyRules(Specs.Random(trials: 6) with { MaxParallel = 2, Priority = 5 }).Create("st_1", default);

    [Fact]
    public void Validate_EveryField_IsSet()
    {
        StudyPatch patch = Valid("""{"notes": "n", "labels": {"tier": "2", "x/y": ""}, "max_trials": 7, "max_parallel": 3, "priority": -1}""");

        patch.Input.ShouldBe(new StudyInput.Patched(7, true, 3, -1));
        patch.Notes.ShouldBe("n");
        patch.Labels.Select(l => $"{l.Key}={l.Value}").ShouldBe(["team=nlp", "tier=2", "x/y="]);
        (patch.TextsChange, patch.Changes).ShouldBe((true, true));
    }

    [Fact]
    public void Validate_Null_TakesAway()
    {
        StudyPatch patch = Valid("""{"notes": null, "labels": {"team": null, "nobody": null}, "max_parallel": null, "priority": null}""");

        patch.Input.ShouldBe(new StudyInput.Patched(null, true, null, 0));
        patch.Notes.ShouldBeNull();
        patch.Labels.Keys.ShouldBe(["tier"]);
        Valid("""{"labels": null}""").Labels.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"notes": "old", "labels": {"tier": "1", "nobody": null}, "max_trials": 6.0, "max_parallel": 2, "priority": 5}""")]
    public void Validate_WhatIsSoAlready_ChangesNothing(string request)
    {
        StudyPatch patch = Valid(request);

        (patch.Changes, patch.TextsChange, patch.Input.ChangesLimits).ShouldBe((false, false, false));
        (patch.Notes, patch.Labels.Count).ShouldBe(("old", 2));
    }

    [Theory]
    [InlineData("[]", " wrong-type")]
    [InlineData("""{"max_trial": 7}""", "/max_trial unknown-field")]
    [InlineData("""{"max_trials": 5}""", "/max_trials out-of-range")]
    [InlineData("""{"max_trials": 100001}""", "/max_trials out-of-range")]
    [InlineData("""{"max_trials": null}""", "/max_trials not-accepted")]
    [InlineData("""{"state": "paused", "notes": 1, "labels": {"": "a", "b": 2}, "max_trials": "7", "max_parallel": 0, "priority": 1.5}""",
        "/state unknown-field", "/notes wrong-type", "/labels/ not-accepted", "/labels/b wrong-type", "/max_trials wrong-type", "/max_parallel out-of-range", "/priority wrong-type")]
    public void Validate_WrongRequest_ReportsAllErrorsAtOnce(string request, params string[] errors)
    {
        PatchValidation validation = Validate(request);

        validation.Patch.ShouldBeNull();
        validation.Errors.Select(e => $"{e.Pointer} {e.Code}").ShouldBe(errors);
    }

    [Fact]
    public void Validate_TooManyLabels_CountsThoseThatAreThere()
    {
        string Set(int first, int count, string value) => $"{{\"labels\": {{{string.Join(", ", Enumerable.Range(first, count).Select(i => $"\"l{i}\": {value}"))}}}}}";

        Valid(Set(0, 62, "\"\"")).Labels.Count.ShouldBe(64);
        Validate(Set(0, 63, "\"\"")).Errors.ShouldHaveSingleItem().Detail.ShouldBe("At most 64 labels, not 65.");
        Valid(Set(0, 500, "null")).Labels.Count.ShouldBe(2);
    }

    [Fact]
    public void Apply_PatchOfAStudyThatHasEnded_CountsWhereOnlyTextsChange()
    {
        StudyDriver study = new(Specs.Random());
        study.Give(StudyVerb.Cancel);
        (long version, long spec) = (study.Study.Version, study.Study.SpecVersion);

        study.Host.Apply(new StudyInput.Patched(null, false, null, 7)).Applied.ShouldBeFalse();
        study.Host.Apply(new StudyInput.Patched(null, false, null, null)).Applied.ShouldBeTrue();

        (study.Study.Version, study.Study.SpecVersion, study.Study.State).ShouldBe((version + 1, spec + 1, StudyState.Cancelled));
    }

    private static StudyPatch Valid(string request)
    {
        PatchValidation validation = Validate(request);
        validation.Errors.ShouldBeEmpty();
        return validation.Patch.ShouldNotBeNull();
    }

    private static PatchValidation Validate(string request)
    {
        using JsonDocument document = JsonDocument.Parse(request);
        return PatchValidator.Validate(document.RootElement, Study, "old", Labels);
    }
}
