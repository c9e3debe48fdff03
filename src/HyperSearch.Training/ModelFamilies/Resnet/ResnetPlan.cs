using System.Collections.Immutable;
using HyperSearch.Training.ModelFamilies.Convolutions;

namespace HyperSearch.Training.ModelFamilies.Resnet;

/// <summary>
/// The convolutions of a residual network (He et al. 2016, table 1; the bottleneck's stride is in its 3x3 convolution),
/// with the names of torchvision and timm, and second those of Hugging Face.
/// </summary>
internal sealed class ResnetPlan
{
    // A bottleneck is this many times narrower inside.
    private const int Reduction = 4;

    /// <summary>The plan of a configuration.</summary>
    public ResnetPlan(ResnetConfig config)
    {
        Stem = new()
        {
            Block = 0,
            Inputs = config.Images!.Channels,
            Outputs = config.EmbeddingSize,
            Kernel = 7,
            Stride = 2,
            Names = ["conv1", "resnet.embedder.embedder.convolution"],
            NormNames = ["bn1", "resnet.embedder.embedder.normalization"],
        };
        int inputs = config.EmbeddingSize;
        ImmutableArray<ImmutableArray<ResidualUnit>>.Builder stages = ImmutableArray.CreateBuilder<ImmutableArray<ResidualUnit>>();
        for (int stage = 0; stage < config.Depths.Length; stage++)
        {
            List<ResidualUnit> units = [];
            for (int unit = 0; unit < config.Depths[stage]; unit++)
            {
                units.Add(Unit(config, stage, unit, inputs));
                inputs = config.HiddenSizes[stage];
            }

            stages.Add([.. units]);
        }

        Stages = stages.ToImmutable();
        Tensors = [.. Stem.Tensors(), .. Stages.SelectMany(s => s).SelectMany(u => u.Tensors()), .. Head(config, inputs)];
    }

    /// <summary>The first convolution.</summary>
    public ConvolutionPlan Stem { get; }

    /// <summary>The units of each stage.</summary>
    public ImmutableArray<ImmutableArray<ResidualUnit>> Stages { get; }

    /// <summary>All tensors, the head's included.</summary>
    public ImmutableArray<TensorSpec> Tensors { get; }

    private static ResidualUnit Unit(ResnetConfig config, int stage, int unit, int inputs)
    {
        int outputs = config.HiddenSizes[stage], stride = stage > 0 && unit == 0 ? 2 : 1;
        string name = $"layer{stage + 1}.{unit}", alias = $"resnet.encoder.stages.{stage}.layers.{unit}";
        int inside = outputs / Reduction;
        ImmutableArray<ConvolutionPlan> path = config.Bottleneck
            ? [Path(0, inputs, inside, 1, 1), Path(1, inside, inside, 3, stride), Path(2, inside, outputs, 1, 1)]
            : [Path(0, inputs, outputs, 3, stride), Path(1, outputs, outputs, 3, 1)];
        ConvolutionPlan shortcut = Plan(inputs, outputs, 1, stride) with
        {
            Names = [$"{name}.downsample.0", $"{alias}.shortcut.convolution"],
            NormNames = [$"{name}.downsample.1", $"{alias}.shortcut.normalization"],
        };
        return new(path, stride > 1 || inputs != outputs ? shortcut : null);

        ConvolutionPlan Path(int index, int from, int to, int kernel, int step) => Plan(from, to, kernel, step) with
        {
            Names = [$"{name}.conv{index + 1}", $"{alias}.layer.{index}.convolution"],
            NormNames = [$"{name}.bn{index + 1}", $"{alias}.layer.{index}.normalization"],
        };

        ConvolutionPlan Plan(int from, int to, int kernel, int step) =>
            new() { Block = stage + 1, Inputs = from, Outputs = to, Kernel = kernel, Stride = step, Names = [], NormNames = [] };
    }

    private static IEnumerable<TensorSpec> Head(ResnetConfig config, int inputs)
    {
        int classes = config.Labels.Length;
        yield return new("fc.weight", config.Blocks, TensorRole.Weight, [classes, inputs], InitialValue.FanIn(classes, inputs))
        {
            Aliases = ["classifier.1.weight"],
        };
        yield return new("fc.bias", config.Blocks, TensorRole.Undecayed, [classes], InitialValue.FanIn(classes, inputs))
        {
            Aliases = ["classifier.1.bias"],
        };
    }
}
