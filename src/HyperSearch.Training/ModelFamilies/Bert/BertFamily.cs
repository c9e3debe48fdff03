using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.Bert;

/// <summary>BERT (Devlin et al., 2019) and DistilBERT (Sanh et al., 2019) as sequence classifiers. Block 0 is the embeddings, then one block a layer.</summary>
internal sealed class BertFamily : ITrainableFamily
{
    // Heads of pretraining, and a buffer of constants.
    private static readonly string[] IgnoredBeginnings = ["cls.", "vocab_transform.", "vocab_layer_norm.", "vocab_projector."];

    /// <inheritdoc/>
    public string Name => "bert";

    /// <inheritdoc/>
    public ModelConfig Read(ConfigFile file) => BertConfig.Read(file);

    /// <inheritdoc/>
    public ModelConfig FromScratch(LabelledDataset dataset, int blocks) => throw new TrainingException(FailureKind.BadParameters,
        "A bert starts from a weights folder: its vocabulary says what the token ids mean.");

    /// <inheritdoc/>
    public TrainableModel Create(ModelConfig config, torch.Device device)
    {
        BertConfig bert = (BertConfig)config;
        return new BertModel(bert, new TensorLayout(BertTensors.Of(bert), bert.Blocks), device);
    }

    /// <inheritdoc/>
    /// <remarks>A classifier's: transformers refuses names without the prefix beside a head.</remarks>
    public int ExportedNaming(int naming) => 0;

    /// <inheritdoc/>
    public bool Ignores(string tensorName) => tensorName.EndsWith("embeddings.position_ids", StringComparison.Ordinal)
        || IgnoredBeginnings.Any(b => tensorName.StartsWith(b, StringComparison.Ordinal));
}
