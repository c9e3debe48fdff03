using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Bert;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Benchmarks.Pretraining;

/// <summary>
/// An encoder with the head that guesses tokens: dense layer, GELU, layer norm, then the word embeddings again as
/// the output layer (Devlin et al., 2019). The head's tensors lie in the encoder's flat storage, in the block of its head.
/// </summary>
internal sealed class MaskedLanguageModel : IDisposable
{
    private const string Dense = "cls.predictions.transform.dense";
    private const string Norm = "cls.predictions.transform.LayerNorm";
    private const string Bias = "cls.predictions.bias";

    private readonly BertConfig _config;

    public MaskedLanguageModel(BertConfig config, ulong seed)
    {
        _config = config;
        Encoder = new(config, new TensorLayout([.. BertTensors.Of(config), .. Head(config)], config.Blocks), torch.CPU);
        Encoder.Initialize(0, config.Blocks, seed);
    }

    /// <summary>The encoder.</summary>
    public BertModel Encoder { get; }

    /// <summary>Mean cross-entropy of the guesses.</summary>
    public torch.Tensor Loss(MaskedBatch batch, ForwardMode mode)
    {
        torch.Tensor states = Encoder.States(batch.Inputs, mode).view(-1, _config.HiddenSize).index_select(0, batch.Positions);
        torch.Tensor guesses = F.linear(states, Encoder[Dense + ".weight"], Encoder[Dense + ".bias"]).gelu();
        guesses = F.layer_norm(guesses, [_config.HiddenSize], Encoder[Norm + ".weight"], Encoder[Norm + ".bias"], _config.NormEpsilon);
        torch.Tensor logits = F.linear(guesses, Encoder["bert.embeddings.word_embeddings.weight"], Encoder[Bias]);
        return F.cross_entropy(logits, batch.Targets);
    }

    /// <summary>What a masked language model is saved as: no pooler and no classifier, which it has not trained.</summary>
    public IEnumerable<KeyValuePair<string, torch.Tensor>> Trained() => Encoder.Layout.Specs
        .Where(s => s.Block < Encoder.Blocks || s.Name.StartsWith("cls.", StringComparison.Ordinal))
        .Select(s => KeyValuePair.Create(s.Name, Encoder[s.Name]));

    public void Dispose() => Encoder.Dispose();

    private static TensorSpec[] Head(BertConfig config)
    {
        int block = config.Blocks, hidden = config.HiddenSize;
        return
        [
            new(Dense + ".weight", block, TensorRole.Weight, [hidden, hidden], new InitialValue.Normal(config.InitializerRange)),
            new(Dense + ".bias", block, TensorRole.Undecayed, [hidden], InitialValue.Zero),
            new(Norm + ".weight", block, TensorRole.Undecayed, [hidden], InitialValue.One),
            new(Norm + ".bias", block, TensorRole.Undecayed, [hidden], InitialValue.Zero),
            new(Bias, block, TensorRole.Undecayed, [config.Text!.VocabularySize], InitialValue.Zero),
        ];
    }
}
