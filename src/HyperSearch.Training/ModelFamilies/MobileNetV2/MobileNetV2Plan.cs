using System.Collections.Immutable;
using HyperSearch.Training.ModelFamilies.Convolutions;

namespace HyperSearch.Training.ModelFamilies.MobileNetV2;

/// <summary>
/// The convolutions of a MobileNetV2 (Sandler et al. 2018, table 2), with the names of torchvision, second those of
/// timm, third those of Hugging Face. Blocks: stem, 17 inverted residuals, last convolution.
/// </summary>
internal sealed class MobileNetV2Plan
{
    /// <summary>Number of blocks without the head.</summary>
    public const int Blocks = 19;

    // Table 2: output channels, repetitions, stride of the first.
    private static readonly ImmutableArray<(int Channels, int Count, int Stride)> Stages =
        [(16, 1, 1), (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1)];

    private readonly MobileNetV2Config _config;

    /// <summary>The plan of a configuration.</summary>
    public MobileNetV2Plan(MobileNetV2Config config)
    {
        _config = config;
        int channels = config.Channels(32);
        Stem = Convolution(0, config.Images!.Channels, channels, 3, 2, 1) with
        {
            Names = ["features.0.0", "conv_stem", "mobilenet_v2.conv_stem.first_conv.convolution"],
            NormNames = ["features.0.1", "bn1", "mobilenet_v2.conv_stem.first_conv.normalization"],
        };
        ImmutableArray<InvertedResidual>.Builder residuals = ImmutableArray.CreateBuilder<InvertedResidual>();
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            for (int unit = 0; unit < Stages[stage].Count; unit++)
            {
                residuals.Add(Residual(residuals.Count + 1, stage, unit, channels));
                channels = residuals[^1].Path[^1].Outputs;
            }
        }

        Residuals = residuals.ToImmutable();
        bool scaled = !config.FinegrainedOutput || config.DepthMultiplier >= 1;
        Last = Convolution(Blocks - 1, channels, scaled ? config.Channels(1280) : 1280, 1, 1, 1) with
        {
            Names = [$"features.{Blocks - 1}.0", "conv_head", "mobilenet_v2.conv_1x1.convolution"],
            NormNames = [$"features.{Blocks - 1}.1", "bn2", "mobilenet_v2.conv_1x1.normalization"],
        };
        Tensors = [.. Stem.Tensors(), .. Residuals.SelectMany(r => r.Path).SelectMany(c => c.Tensors()), .. Last.Tensors(), .. Head(Last.Outputs)];
    }

    /// <summary>The first convolution.</summary>
    public ConvolutionPlan Stem { get; }

    /// <summary>The inverted residuals.</summary>
    public ImmutableArray<InvertedResidual> Residuals { get; }

    /// <summary>The last convolution.</summary>
    public ConvolutionPlan Last { get; }

    /// <summary>All tensors, the head's included.</summary>
    public ImmutableArray<TensorSpec> Tensors { get; }

    private InvertedResidual Residual(int block, int stage, int unit, int inputs)
    {
        int outputs = _config.Channels(Stages[stage].Channels), stride = unit == 0 ? Stages[stage].Stride : 1;
        bool expands = stage > 0;
        int inside = expands ? _config.Expanded(inputs) : inputs;

        // Torchvision numbers what is there; timm calls the projection after an expansion pwl; Hugging Face's first lies in its stem.
        int next = expands ? 1 : 0;
        ConvolutionPlan expansion = Named(Convolution(block, inputs, inside, 1, 1, 1), "0.0", "0.1", "conv_pw", 1, "expand_1x1");
        ConvolutionPlan depthwise = Named(Convolution(block, inside, inside, 3, stride, inside), $"{next}.0", $"{next}.1", "conv_dw", next + 1, "conv_3x3");
        ConvolutionPlan projection =
            Named(Convolution(block, inside, outputs, 1, 1, 1), $"{next + 1}", $"{next + 2}", expands ? "conv_pwl" : "conv_pw", next + 2, "reduce_1x1");
        return new(expands ? [expansion, depthwise, projection] : [depthwise, projection], stride == 1 && inputs == outputs);

        ConvolutionPlan Named(ConvolutionPlan plan, string convolution, string norm, string timm, int timmNorm, string huggingFace)
        {
            string ours = $"features.{block}.conv", timms = $"blocks.{stage}.{unit}";
            string theirs = expands ? $"mobilenet_v2.layer.{block - 2}.{huggingFace}" : $"mobilenet_v2.conv_stem.{huggingFace}";
            return plan with
            {
                Names = [$"{ours}.{convolution}", $"{timms}.{timm}", $"{theirs}.convolution"],
                NormNames = [$"{ours}.{norm}", $"{timms}.bn{timmNorm}", $"{theirs}.normalization"],
            };
        }
    }

    private ConvolutionPlan Convolution(int block, int inputs, int outputs, int kernel, int stride, int groups) => new()
    {
        Block = block,
        Inputs = inputs,
        Outputs = outputs,
        Kernel = kernel,
        Stride = stride,
        Groups = groups,
        Epsilon = _config.NormEpsilon,
        Folded = _config.Folded,
        SamePadding = _config.TfPadding,
        Names = [],
        NormNames = [],
    };

    private IEnumerable<TensorSpec> Head(int inputs)
    {
        int classes = _config.Labels.Length;
        yield return new("classifier.1.weight", Blocks, TensorRole.Weight, [classes, inputs], new InitialValue.Normal(0.01))
        {
            Aliases = ["classifier.weight", "classifier.weight"],
        };
        yield return new("classifier.1.bias", Blocks, TensorRole.Undecayed, [classes], InitialValue.Zero)
        {
            Aliases = ["classifier.bias", "classifier.bias"],
        };
    }
}
