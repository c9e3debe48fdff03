using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HyperSearch.Training.ModelFamilies.Resnet;

/// <summary>Sizes of a residual network, as Hugging Face's ResNetConfig names them.</summary>
internal sealed record ResnetConfig : ModelConfig
{
    public const string ModelType = "resnet";

    /// <summary>Output channels of the stem: <c>embedding_size</c>.</summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>Output channels of each stage: <c>hidden_sizes</c>.</summary>
    public required ImmutableArray<int> HiddenSizes { get; init; }

    /// <summary>Residual units of each stage: <c>depths</c>.</summary>
    public required ImmutableArray<int> Depths { get; init; }

    /// <summary>Whether a unit is 1x1, 3x3, 1x1 instead of 3x3, 3x3: <c>layer_type</c>.</summary>
    public required bool Bottleneck { get; init; }

    /// <inheritdoc/>
    public override int Blocks => 1 + Depths.Length;

    /// <summary>The value of <c>layer_type</c>.</summary>
    public static string LayerType(bool bottleneck) => bottleneck ? "bottleneck" : "basic";

    /// <inheritdoc/>
    protected override void Write(JsonObject json)
    {
        json["model_type"] = ModelType;
        json["embedding_size"] = EmbeddingSize;
        json["hidden_sizes"] = List(HiddenSizes);
        json["depths"] = List(Depths);
        json["layer_type"] = LayerType(Bottleneck);
        json["hidden_act"] = "relu";
        json["downsample_in_first_stage"] = false;
    }
}
