using System.Text.Json.Nodes;

namespace HyperSearch.Training.ModelFamilies.MobileNetV2;

/// <summary>Sizes of a MobileNetV2, as Hugging Face's MobileNetV2Config names them.</summary>
internal sealed record MobileNetV2Config : ModelConfig
{
    public const string ModelType = "mobilenet_v2";

    /// <summary>Factor on all channel numbers: <c>depth_multiplier</c>.</summary>
    public double DepthMultiplier { get; init; } = 1;

    /// <summary>Channel numbers are multiples of it: <c>depth_divisible_by</c>.</summary>
    public int Divisor { get; init; } = 8;

    /// <summary>Fewest channels: <c>min_depth</c>.</summary>
    public int MinChannels { get; init; } = 8;

    /// <summary>Channels inside an inverted residual per channel outside: <c>expand_ratio</c>.</summary>
    public double ExpandRatio { get; init; } = 6;

    /// <summary>Whether the last convolution keeps its 1,280 channels at a multiplier below 1: <c>finegrained_output</c>.</summary>
    public bool FinegrainedOutput { get; init; } = true;

    /// <summary>Whether padding is TensorFlow's "SAME": <c>tf_padding</c>; torchvision and timm pad evenly.</summary>
    public bool TfPadding { get; init; }

    /// <summary>What batch norms add to the variance: <c>layer_norm_eps</c>; torchvision and timm have 1e-5.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether batch norms are folded into kernels and biases: <c>folded_batch_norm</c>, a field of this program.</summary>
    public bool Folded { get; init; }

    /// <inheritdoc/>
    public override int Blocks => MobileNetV2Plan.Blocks;

    /// <summary>Channels of a layer that has this many at multiplier 1: rounded to the divisor, never down by more than a tenth.</summary>
    public int Channels(int unscaled) => Rounded((int)Math.Round(unscaled * DepthMultiplier));

    /// <summary>Channels inside an inverted residual.</summary>
    public int Expanded(int inputs) => Rounded((int)Math.Round(inputs * ExpandRatio));

    /// <inheritdoc/>
    protected override void Write(JsonObject json)
    {
        json["model_type"] = ModelType;
        json["depth_multiplier"] = DepthMultiplier;
        json["depth_divisible_by"] = Divisor;
        json["min_depth"] = MinChannels;
        json["expand_ratio"] = ExpandRatio;
        json["finegrained_output"] = FinegrainedOutput;
        json["first_layer_is_expansion"] = true;
        json["output_stride"] = 32;
        json["hidden_act"] = "relu6";
        json["tf_padding"] = TfPadding;
        json["layer_norm_eps"] = NormEpsilon;
        json["folded_batch_norm"] = Folded;
    }

    private int Rounded(int channels)
    {
        int rounded = Math.Max(MinChannels, (int)(channels + Divisor / 2.0) / Divisor * Divisor);
        return rounded < 0.9 * channels ? rounded + Divisor : rounded;
    }
}
