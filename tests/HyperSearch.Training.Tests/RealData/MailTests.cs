using System.Text.Json;
using HyperSearch.Benchmarks.Pretraining;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Training.Tests.RealData;

/// <summary>A small encoder, hardly pretrained, tells spam from other mails.</summary>
[Trait("Category", "Fetched")]
public sealed class MailTests : TrialFixture
{
    [Fact]
    public void Train_OnSixHundredMails_BeatsTheMajorityClassByFar()
    {
        string mails = FetchedData.Folder("mails");
        File.Copy(Path.Combine(mails, "train.jsonl"), Path.Combine(Dataset, "unlabelled.jsonl"));
        new TextPretraining(new() { Vocabulary = 2000, Hidden = 64, Length = 64, Steps = 10 }, TimeProvider.System, static _ => { }).Run(Dataset, Folder["bert"]);
        ModelFamily family = ModelFamilyCatalog.Bert with { Blocks = 3 };
        string[] labels = [.. File.ReadLines(Path.Combine(mails, "validation.jsonl")).Select(l => JsonSerializer.Deserialize<JsonElement>(l).GetProperty("label").GetString()!)];

        RecordingObserver observer = Train(Request(family.Defaults.With(HyperparameterCatalog.LearningRate, 2e-3).With(HyperparameterCatalog.Epochs, 6)) with
        {
            Family = family,
            WeightsFolder = Folder["bert"],
            Dataset = Data(mails, Core.Studies.DatasetFormat.Jsonl),
        }).Observer;

        double majority = labels.CountBy(l => l).Max(l => l.Value) / (double)labels.Length;
        majority.ShouldBe(0.695, 1e-9);
        observer.Reports[^1].ValAccuracy!.Value.ShouldBeGreaterThan(majority + 0.1);
    }
}
