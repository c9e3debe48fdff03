using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Datasets.Text;

namespace HyperSearch.Training.Tests;

/// <summary>A BERT of two small layers with a vocabulary of a few words.</summary>
internal sealed class TinyTextModel : IDisposable
{
    private static readonly string[] pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "blue", "fox", "big", ",", "\"", "{", "}", .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"{i}", $"##{i}" })];

    public TinyTextModel()
    {
        Directory.CreateDirectory(Weights);
        foreach (string name in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "ModelFamilies", "Reference", "bert", name), Path.Combine(Weights, name));
        }

        File.WriteAllLines(Path.Combine(Weights, "vocab.txt"), pieces);
        Encoder = WordPieceEncoder.Read(Weights);
    }

    public TemporaryFolder Folder { get; } = new();

    /// <summary>The weights folder.</summary>
    public string Weights => Folder["bert"];

    public ModelFamily Family { get; } = ModelFamilyCatalog.Bert with { Blocks = 3 };

    public WordPieceEncoder Encoder { get; }

    public Preprocessing Texts(int length) => new Preprocessing.Texts(Encoder, length);

    public void Dispose() => Folder.Dispose();
}
