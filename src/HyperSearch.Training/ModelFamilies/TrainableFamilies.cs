using System.Collections.Immutable;
using HyperSearch.Core.Trials;
using HyperSearch.Training.ModelFamilies.Bert;
using HyperSearch.Training.ModelFamilies.Convnet;
using HyperSearch.Training.ModelFamilies.MobileNetV2;
using HyperSearch.Training.ModelFamilies.Resnet;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>The families that can be trained, by name.</summary>
internal static class TrainableFamilies
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<ITrainableFamily> All { get; } =
    [
        new BertFamily(),
        new ConvnetFamily(),
        new MobileNetV2Family(),
        new ResnetFamily("resnet18", bottleneck: false, 2, 2, 2, 2),
        new ResnetFamily("resnet34", bottleneck: false, 3, 4, 6, 3),
        new ResnetFamily("resnet50", bottleneck: true, 3, 4, 6, 3),
    ];

    /// <summary>The family of that name.</summary>
    /// <exception cref="TrainingException">This version cannot train it.</exception>
    public static ITrainableFamily Find(string name) => All.FirstOrDefault(f => f.Name == name)
        ?? throw new TrainingException(FailureKind.BadParameters,
            $"Model family '{name}' is not trained by this version; it trains {string.Join(", ", All.Select(f => f.Name))}.");
}
