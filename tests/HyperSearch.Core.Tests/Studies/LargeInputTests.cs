using System.Diagnostics;
using System.Globalization;
using CsCheck;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class LargeInputTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public void Validate_MillionValues_IsRefusedSoon() =>
        Fast(Space(string.Join(',', Enumerable.Range(1, 1_000_000)))).Errors.ShouldHaveSingleItem().Code.ShouldBe(ErrorCode.SpaceTooLarge);

    [Fact]
    public void Validate_ManyWrongValues_ListsTheFirst()
    {
        StudyValidation validation = Fast(Space(string.Join(',', Enumerable.Repeat("\"x\"", 100_000))));
        validation.Errors.Length.ShouldBe(1_001);
        validation.Errors[^1].Code.ShouldBe(ErrorCode.Validation);
    }

    [Fact]
    public void Validate_ManyUnknownFields_ListsTheFirst() =>
        Fast(Requests.With(string.Join(',', Enumerable.Range(0, 80_000).Select(i => $"\"learning{i}\": 1")))).Errors.Length.ShouldBe(1_001);

    [Fact]
    public void Validate_ManyRepeatedFields_ListsTheFirst() =>
        Fast(Requests.With(string.Join(',', Enumerable.Repeat("\"notes\": \"n\"", 80_000)))).Errors.Length.ShouldBe(1_001);

    [Fact]
    public void Validate_LargeValidGrid_IsFast() => Fast(Requests.With(
        """ "algorithm": "grid", "search_space": {"dropout": {"min": 0, "max": 0.5, "count": 1000}, "batch_size": {"min": 1, "max": 100}} """)).Spec!.Trials.ShouldBe(100_000);

    [Fact]
    public void Validate_LongTexts_AreRefusedWithShortDetails()
    {
        string text = new('x', 500_000);
        foreach (ValidationError error in Fast(Requests.With($"\"notes\": \"{text}\", \"{text}\": 1, \"pool\": \"{text}\", \"algorithm\": \"{text}\"")).Errors)
        {
            error.Detail.Length.ShouldBeLessThan(400);
        }
    }

    [Fact]
    public void Validate_AnyMutilatedRequest_NeverThrows()
    {
        string[] values = ["null", "true", "-1", "1e999", "16.5", "\"x\"", "\"\\u0000\"", "[]", "{}", "[1,1]", "{\"min\":1}", "{\"name\":\"grid\"}", "{\"values\":[]}", "{\"family\":\"convnet\"}"];
        string[] names = ["name", "model", "dataset", "objective", "algorithm", "search_space", "max_trials", "seed", "labels", "confirm", "learning_rate", "batch_size", "~/", "pool"];
        Gen<string> member = Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[0, values.Length - 1]).Select((n, v) => $"\"{names[n]}\":{values[v]}");
        Gen<string> space = member.Array[0, 4].Select(m => $"\"search_space\":{{{string.Join(',', m)}}}");
        Gen.Select(member.Array[0, 8], space).Sample((members, s) =>
        {
            StudyValidation validation = Requests.Validate($"{{{string.Join(',', [.. members, s])}}}");
            (validation.Spec is null).ShouldBe(validation.Errors.Length > 0);
        }, iter: 2_000);
    }

    private static string Space(string values) => Requests.With(string.Create(CultureInfo.InvariantCulture, $"\"search_space\": {{\"weight_decay\": [{values}]}}"));

    private static StudyValidation Fast(string json)
    {
        Stopwatch watch = Stopwatch.StartNew();
        StudyValidation validation = Requests.Validate(json);
        watch.Elapsed.ShouldBeLessThan(Soon);
        return validation;
    }
}
