using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.ModelFamilies;

/// <summary>The built-in model families.</summary>
public static class ModelFamilyCatalog
{
    // What a framework would give, not tuned on any dataset; the order is the catalogue's.
    private static readonly ParameterSet SmallDefaults = ParameterSet.Create(
        1e-3, 32, 9, 0.1, 0.01, (int)LearningRateScheduleKind.Cosine, 0,
        0, (int)OptimizerKind.AdamW, 0.9, 0, 1, 0);

    // Transfer from ImageNet with Adam at 1e-4 (Keras, guide to transfer learning with MobileNetV2); PyTorch's AdamW decays by 0.01.
    private static readonly ParameterSet VisionDefaults = ParameterSet.Create(
        1e-4, 32, 9, 0, 0.01, (int)LearningRateScheduleKind.Cosine, 0,
        0, (int)OptimizerKind.AdamW, 0.9, 0, 1, 0);

    // Devlin et al. 2019, appendix A.3 (rates 2e-5 to 5e-5, batch 16 or 32, 2 to 4 epochs, dropout 0.1) and their
    // run_classifier.py (linear decay after a tenth of warm-up, weight decay 0.01).
    private static readonly ParameterSet EncoderDefaults = ParameterSet.Create(
        5e-5, 32, 3, 0.1, 0.01, (int)LearningRateScheduleKind.Linear, 0,
        0, (int)OptimizerKind.AdamW, 0.9, 0.1, 1, 0);

    /// <summary>Encoders for text: BERT and DistilBERT. Blocks: embeddings, then each encoder layer; 13 as in BERT-base, DistilBERT has 7.</summary>
    public static ModelFamily Bert { get; } = new()
    {
        Name = "bert",
        Blocks = 13,
        HasBatchNorm = false,
        TakesTexts = true,
        Defaults = EncoderDefaults,
        SearchedRates = (1e-5, 1e-3),
        MostFrozenSearched = int.MaxValue,
    };

    /// <summary>Four blocks of convolution, batch norm and ReLU; ships pretrained with the samples.</summary>
    public static ModelFamily Convnet { get; } = new() { Name = "convnet", Blocks = 4, HasBatchNorm = true, Defaults = SmallDefaults };

    /// <summary>
    /// Inverted residuals (Sandler et al. 2018). Blocks: stem, the 17 inverted residuals, last convolution. The flag for
    /// batch norm is the family's: weights with a folded norm are batched in the same way.
    /// </summary>
    public static ModelFamily MobileNetV2 { get; } = Vision("mobilenet_v2", 19) with
    {
        // The paper's classifier drops 0.2, as torchvision and Keras do.
        Defaults = VisionDefaults.With(HyperparameterCatalog.Dropout, 0.2),
    };

    /// <summary>Residual network of 18 layers (He et al. 2016). Blocks: stem, four stages.</summary>
    public static ModelFamily Resnet18 { get; } = Vision("resnet18", 5);

    /// <summary>Residual network of 34 layers (He et al. 2016). Blocks: stem, four stages.</summary>
    public static ModelFamily Resnet34 { get; } = Vision("resnet34", 5);

    /// <summary>Residual network of 50 layers with bottlenecks (He et al. 2016; stride in the 3x3 convolution). Blocks: stem, four stages.</summary>
    public static ModelFamily Resnet50 { get; } = Vision("resnet50", 5);

    /// <summary>A formula instead of tensors, for benchmarks, capacity planning and tests of a cluster.</summary>
    public static ModelFamily Synthetic { get; } = new()
    {
        Name = "synthetic",
        Blocks = 4,
        HasBatchNorm = false,
        NeedsDataset = false,
        Defaults = SmallDefaults,
    };

    /// <summary>All families, by name.</summary>
    public static ImmutableArray<ModelFamily> All { get; } = [Bert, Convnet, MobileNetV2, Resnet18, Resnet34, Resnet50, Synthetic];

    /// <summary>The family of that name, or null.</summary>
    /// <param name="name">The exact name.</param>
    public static ModelFamily? Find(string name) => All.FirstOrDefault(f => f.Name == name);

    // All depths are searched, with rates around those that fine-tune a pretrained network by AdamW.
    private static ModelFamily Vision(string name, int blocks) => new()
    {
        Name = name,
        Blocks = blocks,
        HasBatchNorm = true,
        Defaults = VisionDefaults,
        SearchedRates = (1e-5, 1e-2),
        MostFrozenSearched = int.MaxValue,
    };
}
