using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies.MobileNetV2;

namespace HyperSearch.Training.Tests.ModelFamilies.MobileNetV2;

public sealed class FoldedMobileNetV2FamilyTests : ModelFamilySuite
{
    private protected override FamilySample Create() => new(ModelFamilyCatalog.MobileNetV2, new MobileNetV2Config
    {
        Labels = ["0", "1", "2"],
        Images = FamilySample.Images,
        DepthMultiplier = 0.1,
        Divisor = 2,
        MinChannels = 2,
        FinegrainedOutput = false,
        Folded = true,
    });
}
