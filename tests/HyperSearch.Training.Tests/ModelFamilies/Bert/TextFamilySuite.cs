using System.Collections.Immutable;
using System.Text;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Datasets.Text;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Bert;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies.Bert;

/// <summary>The suite on three classes of short texts.</summary>
public abstract class TextFamilySuite : ModelFamilySuite
{
    private const int Length = 12;

    private static readonly string[] words = ["red", "green", "blue", "fox", "big", "old", "the", "runs"];
    private static readonly string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. words];

    protected TextFamilySuite()
    {
        Dataset = Folder["texts"];
        Directory.CreateDirectory(Dataset);
        Rename("0", "1", "2");
    }

    private protected override string Format => "csv";

    private protected abstract bool Distilled { get; }

    private protected override FamilySample Create() => new(ModelFamilyCatalog.Bert with { Blocks = 3 }, new BertConfig
    {
        Distilled = Distilled,
        Labels = ["0", "1", "2"],
        Text = new(vocabulary.Length, Length, 0, Distilled ? 1 : 2),
        HiddenSize = 8,
        Layers = 2,
        Heads = 2,
        IntermediateSize = 12,
        InitializerRange = 0.3, // So that a step moves a layer norm's one.
        Companions = new Dictionary<string, byte[]> { [TokenizerFiles.VocabularyFile] = Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)) }.ToImmutableSortedDictionary(),
    });

    private protected override LabelledDataset Data(string weights) =>
        Decoded.Get(Dataset, Format, new Preprocessing.Texts(WordPieceEncoder.Read(weights), Length));

    private protected override void Rename(params string[] names)
    {
        foreach ((string split, int count) in (IEnumerable<(string, int)>)[("train", 40), ("validation", 24), ("test", 24)])
        {
            File.WriteAllText(Path.Combine(Dataset, $"{split}.csv"), "text,label\n" + string.Concat(Enumerable.Range(0, count)
                .Select(i => $"the {words[i % 3]} {string.Join(' ', words.Skip(3).Take(1 + i % 4))},{names[i % 3]}\n")));
        }
    }

    private protected override bool Casts(int block) => block > 0;

    // One fills the length, the others are padded.
    private protected override torch.Tensor Inputs(TrainableModel model)
    {
        torch.Tensor inputs = torch.zeros([4, 2, Length], dtype: torch.ScalarType.Int64);
        for (int row = 0; row < 4; row++)
        {
            inputs.select(0, row).select(0, 0).narrow(0, 0, Length - 2 * row).copy_(torch.randint(2, vocabulary.Length, [Length - 2 * row], dtype: torch.ScalarType.Int64));
        }

        return inputs;
    }
}
