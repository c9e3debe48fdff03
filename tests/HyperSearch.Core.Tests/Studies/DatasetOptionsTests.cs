using System.Text.Json;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class DatasetOptionsTests
{
    private static readonly Catalog catalog = Read("""
        {
          "models": [{"name": "encoder", "family": "bert", "location": "/models/encoder"}],
          "datasets": [{"name": "mails", "location": "/data/mails", "format": "csv", "label_column": "spam", "group_column": "sender", "max_length": 64}],
          "roots": ["/data"]
        }
        """);

    [Fact]
    public void Validate_OptionsOfTheRequest_AreAddedToTheCatalogues()
    {
        StudyDataset dataset = Dataset("""{"name": "mails", "max_length": 256, "text_column": "body"}""");

        dataset.Options.ShouldBe(new DatasetOptions { LabelColumn = "spam", GroupColumn = "sender", MaxLength = 256, TextColumn = "body" });
        Dataset("\"mails\"").Options.MaxLength.ShouldBe(64);
    }

    [Fact]
    public void Validate_EveryOption_IsStoredAndReadAgain()
    {
        StudyValidation valid = Validate("""
            {"path": "/data/x", "format": "jsonl", "split": "train_small", "text_column": "a", "text_pair_column": "b", "label_column": "c", "group_column": "d", "max_length": 8, "max_train_examples": 5}
            """);

        StudyDataset again = StudySpecJson.From(JsonSerializer.SerializeToElement(StudySpecJson.To(valid.Spec!))).Dataset!;

        again.ShouldBe(valid.Spec!.Dataset);
        again.Options.ShouldBe(new DatasetOptions { Split = "train_small", TextColumn = "a", TextPairColumn = "b", LabelColumn = "c", GroupColumn = "d", MaxLength = 8 });
        (again.Format, again.MaxTrainExamples).ShouldBe(("jsonl", 5));
    }

    [Theory]
    [InlineData("/data/x/train.csv", "csv")]
    [InlineData("/data/x/train.TSV", "csv")]
    [InlineData("/data/x/train.jsonl", "jsonl")]
    public void Validate_PathOfAFile_TellsItsFormat(string path, string format) => Dataset($$"""{"path": "{{path}}"}""").Format.ShouldBe(format);

    [Theory]
    [InlineData("""{"path": "/data/x", "format": "csv", "label_column": "text", "text_column": "text"}""", "/dataset/text_column")]
    [InlineData("""{"path": "/data/x", "format": "csv", "text_pair_column": "label"}""", "/dataset/text_pair_column")]
    [InlineData("""{"path": "/data/x", "format": "csv", "text_pair_column": "text"}""", "/dataset/text_pair_column")]
    [InlineData("""{"name": "mails", "text_column": "spam"}""", "/dataset/text_column")]
    [InlineData("""{"path": "/data/x", "format": "image_folder"}""", "/dataset/format")]
    [InlineData("""{"path": "/data/x"}""", "/dataset")]
    public void Validate_WhatCannotBe_IsRefusedWhereItStands(string dataset, string pointer) =>
        Validate(dataset).Errors.Select(e => (e.Pointer, e.Code)).ShouldBe([(pointer, ErrorCode.NotAccepted)]);

    [Theory]
    [InlineData("""{"path": "/data/x", "format": "csv", "max_length": 7}""", "/dataset/max_length")]
    [InlineData("""{"path": "/data/x", "format": "csv", "max_length": 8193}""", "/dataset/max_length")]
    public void Validate_LengthOutOfRange_IsRefused(string dataset, string pointer) =>
        Validate(dataset).Errors.Select(e => (e.Pointer, e.Code)).ShouldBe([(pointer, ErrorCode.OutOfRange)]);

    [Fact]
    public void Validate_OptionsThatTheFormatDoesNotHave_AreWarnedOf()
    {
        Warned("convnet", """{"path": "/data/x", "format": "image_folder", "text_column": "a", "max_length": 9, "image_size": 64}""")
            .ShouldBe(["/dataset/text_column", "/dataset/max_length"]);
        Warned("encoder", """{"path": "/data/x", "format": "csv", "text_column": "a", "image_size": 64}""").ShouldBe(["/dataset/image_size"]);
        Warned("encoder", "\"mails\"", "\"augmentation\": \"light\",").ShouldBe(["/augmentation"]);
        Warned("encoder", "\"mails\"").ShouldBeEmpty();
    }

    private static IEnumerable<string> Warned(string model, string dataset, string more = "") =>
        Validate(dataset, model, more).Warnings.Where(w => w.Code == WarningCode.NoEffect).Select(w => w.Pointer);

    private static StudyDataset Dataset(string dataset) => Validate(dataset).Spec.ShouldNotBeNull().Dataset.ShouldNotBeNull();

    private static StudyValidation Validate(string dataset, string model = "encoder", string more = "") =>
        Requests.Validate($$"""{"name": "a", "model": "{{model}}", {{more}} "seed": 1, "dataset": {{dataset}}}""", catalog);

    private static Catalog Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Catalog.Parse(document.RootElement);
    }
}
