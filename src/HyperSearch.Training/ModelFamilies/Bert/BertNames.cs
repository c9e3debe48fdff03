using System.Collections.Immutable;

namespace HyperSearch.Training.ModelFamilies.Bert;

/// <summary>What the parts of an encoder are called in weights files.</summary>
internal sealed record BertNames
{
    public const string Classifier = "classifier";

    private static readonly BertNames Bert = new()
    {
        Word = "bert.embeddings.word_embeddings",
        Position = "bert.embeddings.position_embeddings",
        Type = "bert.embeddings.token_type_embeddings",
        EmbeddingNorm = "bert.embeddings.LayerNorm",
        Layers = "bert.encoder.layer",
        Query = "attention.self.query",
        Key = "attention.self.key",
        Value = "attention.self.value",
        AttentionOutput = "attention.output.dense",
        AttentionNorm = "attention.output.LayerNorm",
        Intermediate = "intermediate.dense",
        Output = "output.dense",
        OutputNorm = "output.LayerNorm",
        HeadDense = "bert.pooler.dense",
    };

    private static readonly BertNames Distilled = new()
    {
        Word = "distilbert.embeddings.word_embeddings",
        Position = "distilbert.embeddings.position_embeddings",
        Type = "",
        EmbeddingNorm = "distilbert.embeddings.LayerNorm",
        Layers = "distilbert.transformer.layer",
        Query = "attention.q_lin",
        Key = "attention.k_lin",
        Value = "attention.v_lin",
        AttentionOutput = "attention.out_lin",
        AttentionNorm = "sa_layer_norm",
        Intermediate = "ffn.lin1",
        Output = "ffn.lin2",
        OutputNorm = "output_layer_norm",
        HeadDense = "pre_classifier",
    };

    public required string Word { get; init; }

    public required string Position { get; init; }

    /// <summary>Token types; DistilBERT has none.</summary>
    public required string Type { get; init; }

    public required string EmbeddingNorm { get; init; }

    public required string Layers { get; init; }

    public required string Query { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }

    public required string AttentionOutput { get; init; }

    public required string AttentionNorm { get; init; }

    public required string Intermediate { get; init; }

    public required string Output { get; init; }

    public required string OutputNorm { get; init; }

    /// <summary>The head's hidden layer: BERT's pooler, DistilBERT's pre-classifier.</summary>
    public required string HeadDense { get; init; }

    /// <summary>The names of a configuration.</summary>
    public static BertNames Of(BertConfig config) => config.Distilled ? Distilled : Bert;

    /// <summary>
    /// A tensor's other names: without the prefix (a bare encoder), and, for both, with the layer norms' gamma and beta of
    /// the time before 2019.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">The tensor's name.</param>
    public static ImmutableArray<string> Aliases(BertConfig config, string name)
    {
        string prefix = config.Distilled ? "distilbert." : "bert.";
        string bare = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        return [bare, Old(name), Old(bare)];
    }

    /// <summary>The beginning of the names of a layer's tensors.</summary>
    public string Layer(int layer) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Layers}.{layer}.");

    private static string Old(string name) => name
        .Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
        .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);
}
