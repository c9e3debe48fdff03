using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HyperSearch.Training.Datasets.Text;

namespace HyperSearch.Training.ModelFamilies.Bert;

/// <summary>The <c>config.json</c> of BERT (<c>model_type</c> bert) or DistilBERT (distilbert), with the names and defaults of Hugging Face's transformers.</summary>
internal sealed record BertConfig : ModelConfig
{
    private const int MostUnits = 65_536;

    // The tokenizer goes with the model as it is.
    private static readonly string[] TokenizerNames =
        [TokenizerFiles.VocabularyFile, TokenizerFiles.SettingsFile, TokenizerFiles.WholeFile, AddedTokens.FileName, "special_tokens_map.json"];

    /// <summary>DistilBERT: no token types, no pooler, a hidden layer in the head.</summary>
    public bool Distilled { get; init; }

    /// <summary>Width of a token's state: <c>hidden_size</c>, <c>dim</c>.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Encoder layers: <c>num_hidden_layers</c>, <c>n_layers</c>.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads of a layer: <c>num_attention_heads</c>, <c>n_heads</c>.</summary>
    public required int Heads { get; init; }

    /// <summary>Width inside a feed-forward layer: <c>intermediate_size</c>, <c>hidden_dim</c>.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary><c>hidden_act</c>, <c>activation</c>: gelu, relu or gelu_new (the tanh approximation).</summary>
    public string Activation { get; init; } = "gelu";

    /// <summary><c>layer_norm_eps</c>; DistilBERT's is fixed.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Standard deviation of new weights: <c>initializer_range</c>.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <inheritdoc/>
    public override int Blocks => Layers + 1;

    /// <summary>Reads and checks a configuration, and takes the tokenizer's files along.</summary>
    /// <exception cref="TrainingException">Another architecture, or a field is wrong; names file and field.</exception>
    public static BertConfig Read(ConfigFile file)
    {
        string type = file.Text("model_type") ?? "";
        BertConfig config = type switch
        {
            "bert" => ReadBert(file),
            "distilbert" => ReadDistilled(file),
            _ => throw file.Wrong("model_type", $"bert or distilbert, not '{type}'"),
        };
        string heads = config.Distilled ? "n_heads" : "num_attention_heads";
        return config.HiddenSize % config.Heads == 0 ? config : throw file.Wrong(heads, $"a divisor of {config.HiddenSize}");
    }

    /// <inheritdoc/>
    protected override void Write(JsonObject json)
    {
        json["model_type"] = Distilled ? "distilbert" : "bert";
        json["architectures"] = new JsonArray(Distilled ? "DistilBertForSequenceClassification" : "BertForSequenceClassification");
        json["problem_type"] = "single_label_classification";
        json[Distilled ? "dim" : "hidden_size"] = HiddenSize;
        json[Distilled ? "n_layers" : "num_hidden_layers"] = Layers;
        json[Distilled ? "n_heads" : "num_attention_heads"] = Heads;
        json[Distilled ? "hidden_dim" : "intermediate_size"] = IntermediateSize;
        json[Distilled ? "activation" : "hidden_act"] = Activation;
        json["initializer_range"] = InitializerRange;
        json["vocab_size"] = Text!.VocabularySize;
        json["max_position_embeddings"] = Text.MaxLength;
        json["pad_token_id"] = Text.PadId;
        if (!Distilled)
        {
            json["type_vocab_size"] = Text.Types;
            json["layer_norm_eps"] = NormEpsilon;
        }
    }

    private static BertConfig ReadBert(ConfigFile file)
    {
        file.OneOf("position_embedding_type", "absolute");
        int hidden = file.Int("hidden_size", 1, MostUnits, 768);
        return new()
        {
            Labels = LabelMap.Read(file),
            Source = file.Json,
            Companions = Tokenizer(file),
            Text = Input(file, file.Int("type_vocab_size", 1, MostUnits, 2)),
            HiddenSize = hidden,
            Layers = file.Int("num_hidden_layers", 1, 1000, 12),
            Heads = file.Int("num_attention_heads", 1, hidden, 12),
            IntermediateSize = file.Int("intermediate_size", 1, MostUnits, 3072),
            Activation = file.OneOf("hidden_act", "gelu", "relu", "gelu_new"),
            NormEpsilon = file.Number("layer_norm_eps", 0, 1, 1e-12),
            InitializerRange = file.Number("initializer_range", 0, 1, 0.02),
        };
    }

    private static BertConfig ReadDistilled(ConfigFile file)
    {
        int hidden = file.Int("dim", 1, MostUnits, 768);
        return new()
        {
            Distilled = true,
            Labels = LabelMap.Read(file),
            Source = file.Json,
            Companions = Tokenizer(file),
            Text = Input(file, types: 1),
            HiddenSize = hidden,
            Layers = file.Int("n_layers", 1, 1000, 6),
            Heads = file.Int("n_heads", 1, hidden, 12),
            IntermediateSize = file.Int("hidden_dim", 1, MostUnits, 3072),
            Activation = file.OneOf("activation", "gelu", "relu", "gelu_new"),
            InitializerRange = file.Number("initializer_range", 0, 1, 0.02),
        };
    }

    private static TextInput Input(ConfigFile file, int types)
    {
        int vocabulary = file.Int("vocab_size", 1, 10_000_000, 30522);
        return new(vocabulary, file.Int("max_position_embeddings", 1, MostUnits, 512), file.Int("pad_token_id", 0, vocabulary - 1, 0), types);
    }

    private static ImmutableSortedDictionary<string, byte[]> Tokenizer(ConfigFile file) => TokenizerNames
        .Select(name => (Name: name, Path: Path.Combine(file.Folder, name)))
        .Where(f => File.Exists(f.Path))
        .ToImmutableSortedDictionary(f => f.Name, f => File.ReadAllBytes(f.Path));
}
