using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.MobileNetV2;

/// <summary>
/// MobileNetV2 (Sandler et al. 2018). Read are folders of Hugging Face's transformers and of timm, and torchvision's
/// tensors with a <c>config.json</c> that says <c>tf_padding</c> and <c>layer_norm_eps</c>. Running statistics follow with
/// momentum 0.1 as in torchvision; transformers' 0.997 would forget all but the last batch.
/// </summary>
internal sealed class MobileNetV2Family : ITrainableFamily
{
    private const string Timm = "mobilenetv2_100";
    private const double HuggingFaceEpsilon = 1e-3;

    /// <inheritdoc/>
    public string Name => MobileNetV2Config.ModelType;

    /// <inheritdoc/>
    public ModelConfig Read(ConfigFile file)
    {
        string? type = file.Text("model_type") ?? file.Text("architecture");
        file.Describes(Name, type is MobileNetV2Config.ModelType or Timm);
        file.OneOf("hidden_act", "relu6");
        file.Int("output_stride", 32, 32, 32);
        if (!file.Flag("first_layer_is_expansion", true))
        {
            throw file.Wrong("first_layer_is_expansion", "true; the other is not computed by this version");
        }

        // Transformers leaves out what has its default, which is TensorFlow's; elsewhere nothing is taken for granted.
        bool transformers = file.Json.ContainsKey("transformers_version");
        if (!transformers && type != Timm && !file.Json.ContainsKey("tf_padding"))
        {
            throw file.Wrong("tf_padding", "there: true for weights from TensorFlow, false for torchvision's");
        }

        return new MobileNetV2Config
        {
            Labels = LabelMap.Read(file),
            Images = ImageInput.Read(file, ImageInput.ImageNet),
            DepthMultiplier = file.Number("depth_multiplier", 0.05, 10, 1),
            Divisor = file.Int("depth_divisible_by", 1, 64, 8),
            MinChannels = file.Int("min_depth", 1, 64, 8),
            ExpandRatio = file.Number("expand_ratio", 1, 100, 6),
            FinegrainedOutput = file.Flag("finegrained_output", true),
            TfPadding = file.Flag("tf_padding", transformers),
            NormEpsilon = file.Number("layer_norm_eps", 0, 1, transformers ? HuggingFaceEpsilon : type == Timm ? 1e-5 : null),
            Folded = file.Flag("folded_batch_norm", false),
            Source = file.Json,
        };
    }

    /// <inheritdoc/>
    public ModelConfig FromScratch(LabelledDataset dataset, int blocks) => blocks == MobileNetV2Plan.Blocks
        ? new MobileNetV2Config { Labels = dataset.Labels, Images = ImageInput.Of(dataset) }
        : throw new TrainingException(FailureKind.BadParameters, $"A {Name} has {MobileNetV2Plan.Blocks} blocks, not {blocks}.");

    /// <inheritdoc/>
    public TrainableModel Create(ModelConfig config, torch.Device device)
    {
        MobileNetV2Config sizes = (MobileNetV2Config)config;
        return new MobileNetV2Model(sizes, new MobileNetV2Plan(sizes), device);
    }

    /// <inheritdoc/>
    public bool Ignores(string tensorName) => tensorName.EndsWith(".num_batches_tracked", StringComparison.Ordinal);
}
