using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies;

namespace HyperSearch.Training.Tests.ModelFamilies;

/// <summary>A family, and the configuration of a small model of it for the suite's dataset.</summary>
/// <param name="Family">Its descriptor in Core.</param>
/// <param name="Config">Sizes for one channel of 16x16 pixels; the labels are 0, 1 and 2.</param>
internal sealed record FamilySample(ModelFamily Family, ModelConfig Config)
{
    public static ImageInput Images { get; } = new() { Channels = 1, Size = 16, Mean = [0.4], Std = [0.3] };
}
