using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HyperSearch.Training.ModelFamilies.Convnet;

/// <summary>Sizes of a convnet.</summary>
internal sealed record ConvnetConfig : ModelConfig
{
    public const string ModelType = "convnet";

    /// <summary>Output channels of each block: <c>hidden_sizes</c>.</summary>
    public required ImmutableArray<int> HiddenSizes { get; init; }

    /// <inheritdoc/>
    public override int Blocks => HiddenSizes.Length;

    /// <inheritdoc/>
    protected override void Write(JsonObject json)
    {
        json["model_type"] = ModelType;
        json["hidden_sizes"] = List(HiddenSizes);
    }
}
