using System.Text.Json;
using HyperSearch.Benchmarks.Pretraining;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.Datasets.Text;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Bert;
using TorchSharp;

namespace HyperSearch.Training.Tests.Pretraining;

public sealed class TextPretrainingTests : IDisposable
{
    private static readonly string[] subjects = ["the cat", "the dog", "a small bird", "the old man"];
    private static readonly string[] verbs = ["sees", "follows", "finds", "forgets"];
    private static readonly string[] objects = ["the river", "a long road", "the green house", "some bread"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Run_OnAFewSentences_LearnsThemAndWritesAFolderOfTheFamily()
    {
        long before = LiveTensors.Settle();
        (double start, double end) = Pretrain("one", steps: 150);

        end.ShouldBeLessThan(start - 1);
        torch.Tensor.TotalCount.ShouldBe(before);
        ModelConfig config = ModelLoader.ReadConfig(ModelFamilyCatalog.Bert with { Blocks = 3 }, _folder["one"]);
        using WeightsFolder weights = WeightsFolder.Open(_folder["one"]);
        BertTensors.Of((BertConfig)config).Where(s => s.Block < 3 && !weights.Has(s.Name)).ShouldBeEmpty();
        weights.Names.Where(n => !n.StartsWith("bert.", StringComparison.Ordinal)).ShouldAllBe(n => new BertFamily().Ignores(n));
        WordPieceEncoder.Read(_folder["one"]).Pieces("the cat sees some bread").ShouldNotContain(1);
    }

    [Fact]
    public void Run_Again_WritesTheSameBytes()
    {
        Pretrain("one", steps: 5);
        Pretrain("two", steps: 5);

        foreach (string file in Directory.EnumerateFiles(_folder["one"]).Select(f => Path.GetFileName(f)!))
        {
            File.ReadAllBytes(Path.Combine(_folder["two"], file)).ShouldBe(File.ReadAllBytes(Path.Combine(_folder["one"], file)), file);
        }
    }

    [Fact]
    public void Vocabulary_MergesTheMostFrequentPairFirst()
    {
        // w-e in 9 words, l-o in 8, then four pairs in 6: worked out by hand.
        string text = string.Join(' ', Enumerable.Repeat("low", 5).Concat(Enumerable.Repeat("lower", 3)).Concat(Enumerable.Repeat("newest", 6)));

        IReadOnlyList<string> pieces = VocabularyTrainer.Train([text], 100);

        pieces.Take(5).ShouldBe(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]);
        pieces.Skip(5).Take(8).ShouldBe(["n", "##e", "##w", "##s", "##t", "l", "##o", "##r"]);
        pieces.Skip(13).ShouldBe(["##we", "lo", "ne", "##st", "##west", "newest", "low", "##wer", "lower"]);
        VocabularyTrainer.Train([text], 15).ShouldBe(pieces.Take(15));
    }

    [Fact]
    public void MaskedBatch_AsksForFifteenPercent_AndLeavesSpecialTokens()
    {
        int[][] texts = [.. Enumerable.Range(0, 200).Select(t => (int[])[2, .. Enumerable.Range(0, 60).Select(i => 5 + (t + i) % 90), 3, 0, 0])];
        SeededGenerator generator = new(1);
        using DisposeScope scope = torch.NewDisposeScope();

        MaskedBatch batch = MaskedBatch.Make(texts, special: 5, mask: 4, vocabulary: 95, ref generator);

        long[] ids = [.. batch.Inputs.select(1, 0).flatten().data<long>()], positions = [.. batch.Positions.data<long>()], targets = [.. batch.Targets.data<long>()];
        int[] original = [.. texts.SelectMany(t => t)];
        positions.Zip(targets).ShouldAllBe(p => original[p.First] == p.Second && p.Second >= 5);
        ids.Where((id, i) => id != original[i]).Count().ShouldBeLessThan(positions.Length);
        (positions.Length / 12000.0).ShouldBe(0.15, 0.01);
        (positions.Count(p => ids[p] == 4) / (double)positions.Length).ShouldBe(0.8, 0.03);
        (positions.Count(p => ids[p] != 4 && ids[p] != original[p]) / (double)positions.Length).ShouldBe(0.1, 0.03);
        Enumerable.Range(0, ids.Length).Except(positions.Select(p => (int)p)).ShouldAllBe(i => ids[i] == original[i]);
    }

    public void Dispose() => _folder.Dispose();

    private (double Before, double After) Pretrain(string target, int steps)
    {
        IEnumerable<string> texts = subjects.SelectMany(s => verbs.SelectMany(v => objects.Select(o => $"{s} {v} {o}, and {s} {v} {o}.")));
        File.WriteAllLines(_folder["unlabelled.jsonl"], texts.Select(t => JsonSerializer.Serialize(new { text = t })));
        PretrainingSettings settings = new() { Vocabulary = 120, Hidden = 32, Length = 24, BatchSize = 16, Steps = steps, Rate = 1e-2 };
        return new TextPretraining(settings, TimeProvider.System, _ => { }).Run(_folder.Path, _folder[target]);
    }
}
