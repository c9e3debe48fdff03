using System.Globalization;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Samples;
using HyperSearch.Training.SimilarityProbe;
using HyperSearch.Training.TensorCaches;
using TorchSharp;

namespace HyperSearch.Training.Tests.SimilarityProbe;

public sealed class ProbeRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ProbeRequest Sample => new()
    {
        Family = ModelFamilyCatalog.Convnet,
        WeightsFolder = SampleCatalog.Convnet,
        Dataset = new() { Folder = SampleCatalog.FashionMnistSample, CacheFolder = _folder["cache"] },
    };

    [Fact]
    public void Probe_PretrainedSample_RisesWithDepthAndBeatsInitialWeights()
    {
        ProbeScores pretrained = Probe(Sample), initial = Probe(Sample with { WeightsFolder = null });

        (pretrained.Examples, pretrained.HeldOut).ShouldBe((500, 500));
        pretrained.Depths.Select(d => d.Blocks).ShouldBe([1, 2, 3, 4]);
        foreach ((DepthScore before, DepthScore after) in pretrained.Depths.Zip(pretrained.Depths.Skip(1).Take(2)))
        {
            after.Value.ShouldBeGreaterThan(before.Value);
        }

        DepthScore first = pretrained.Depths[0], last = pretrained.Depths[3];
        (last.Value - first.Value).ShouldBeGreaterThan(3 * last.StandardError!.Value);
        last.Value.ShouldBeGreaterThan(0.7);
        pretrained.Depths.Max(d => d.Value).ShouldBeGreaterThan(initial.Depths.Max(d => d.Value) + last.StandardError.Value);
        FreezingProposal.Of(pretrained.Depths).Max.ShouldBe(4);
    }

    [Fact]
    public void Probe_Repeated_ReadsItsFeaturesAndGivesTheSame()
    {
        ProbeScores first = Probe(Sample);
        string[] entries = Directory.GetDirectories(_folder["cache"]);
        DateTime[] built = [.. entries.SelectMany(Directory.GetFiles).Where(f => Path.GetFileName(f) != CacheMeta.FileName).Select(File.GetLastWriteTimeUtc)];

        ProbeScores second = Probe(Sample);

        second.Depths.ShouldBe(first.Depths);
        Directory.GetDirectories(_folder["cache"]).ShouldBe(entries, ignoreOrder: true);
        entries.SelectMany(Directory.GetFiles).Where(f => Path.GetFileName(f) != CacheMeta.FileName).Select(File.GetLastWriteTimeUtc).ShouldBe(built);
        Directory.GetFiles(_folder["cache"], "depth*", SearchOption.AllDirectories).Select(Path.GetFileName).Order().ShouldBe(["depth1", "depth2", "depth3", "depth4"]);
    }

    [Fact]
    public void Probe_FewerTrainingExamplesThanTheDatasetHas_UsesNoOthers() =>
        Probe(Sample with { MaxTrainExamples = 100 }).Examples.ShouldBe(100);

    [Fact]
    public void Probe_FewFitIntoMemory_TakesFewAtATime()
    {
        Probe(Sample);

        // Every piece of the 500 examples gives a sign of life: 100 pieces and 20; the fits give about as many each time.
        (Signs(5) - Signs(25)).ShouldBeGreaterThan(60);

        int Signs(int microBatch)
        {
            int signs = 0;
            FineTuning.Probe(Sample with { MicroBatch = microBatch }, () => signs++, CancellationToken.None);
            return signs;
        }
    }

    [Fact]
    public void Probe_LargeDataset_UsesTwoThousand()
    {
        string data = TinyDataset.Write(_folder["large"], train: 2_500);

        ProbeScores scores = Probe(Sample with { Dataset = Sample.Dataset with { Folder = data } });

        (scores.Examples, scores.HeldOut).ShouldBe((ProbeRun.MostExamples, ProbeRun.MostExamples));
    }

    [Fact]
    public void Probe_OneExampleOfEachClass_TellsThatThereAreTooFew()
    {
        string data = TinyDataset.Write(_folder["few"], train: 3);

        (ProbeScores? scores, string? missing) = FineTuning.Probe(Sample with { Dataset = Sample.Dataset with { Folder = data } }, static () => { }, TestContext.Current.CancellationToken);

        (scores, missing).ShouldBe((null, "The dataset has too few training examples or groups to hold any out for a probe."));
    }

    [Fact]
    public void Probe_Texts_ScoresEmbeddingsAndEveryLayer()
    {
        using TinyTextModel model = new();
        string csv = _folder["texts.csv"];
        File.WriteAllLines(csv, ["text,label,source", .. Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "red" : "blue")} fox {i},{i % 2},{i / 4}"))]);

        ProbeScores scores = Probe(Sample with
        {
            Family = model.Family,
            WeightsFolder = model.Weights,
            Dataset = Sample.Dataset with
            {
                Folder = csv,
                Format = DatasetFormat.Csv,
                Options = new() { TextColumn = "text", LabelColumn = "label", GroupColumn = "source" },
            },
        });

        // The mean over the tokens tells the one word apart from the embeddings on; the first token would not.
        scores.Depths.Count.ShouldBe(3);
        scores.Depths[0].Value.ShouldBe(1);
    }

    [Fact]
    public void Deal_Groups_StayTogether()
    {
        long[] labels = [.. Enumerable.Range(0, 400).Select(i => (long)(i % 3))], groups = [.. Enumerable.Range(0, 400).Select(i => (long)(i / 7))];
        using torch.Tensor classes = torch.tensor(labels), sources = torch.tensor(groups);
        ExampleSplit all = ExampleSplit.All(classes, classes, Split.Train);
        LabelledDataset dataset = new("0123456789abcdef", ["a", "b", "c"], all, all, _folder) { Key = "k", Groups = sources };

        ExampleSplit[] folds = [.. ProbeRun.Deal(dataset, all.With([.. Enumerable.Range(0, 300).Select(i => (long)i)]))];

        folds.SelectMany(f => f.Indices).Order().ShouldBe(Enumerable.Range(0, 300).Select(i => (long)i));
        folds.Length.ShouldBe(4);
        folds.ShouldAllBe(f => f.Count >= 55 && f.Count <= 95);
        folds.SelectMany(f => f.Indices.Select(i => groups[i]).Distinct()).ShouldBeUnique();
    }

    [Fact]
    public void Probe_ToldToEnd_EndsAndKeepsNothingHalf()
    {
        using CancellationTokenSource stop = new();
        int signs = 0;
        Should.Throw<OperationCanceledException>(() => FineTuning.Probe(Sample with { Dataset = Sample.Dataset with { CacheFolder = _folder["other"] } }, () =>
        {
            if (Directory.GetFiles(_folder["other"], "depth1", SearchOption.AllDirectories).Length > 0 && ++signs == 2)
            {
                stop.Cancel();
            }
        }, stop.Token));

        signs.ShouldBe(2);
        Probe(Sample with { Dataset = Sample.Dataset with { CacheFolder = _folder["other"] } }).Depths.Count.ShouldBe(4);
    }

    [Fact]
    public void Probe_Ended_LeavesNoTensorBehind()
    {
        Probe(Sample);
        long before = LiveTensors.Settle();

        Probe(Sample);

        torch.Tensor.TotalCount.ShouldBe(before);
    }

    public void Dispose() => _folder.Dispose();

    private static ProbeScores Probe(ProbeRequest request)
    {
        (ProbeScores? scores, string? missing) = FineTuning.Probe(request, static () => { }, TestContext.Current.CancellationToken);
        missing.ShouldBeNull();
        return scores.ShouldNotBeNull();
    }
}
