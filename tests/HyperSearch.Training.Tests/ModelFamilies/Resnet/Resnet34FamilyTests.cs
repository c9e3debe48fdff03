using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Resnet;

namespace HyperSearch.Training.Tests.ModelFamilies.Resnet;

public sealed class Resnet34FamilyTests : ModelFamilySuite
{
    private protected override FamilySample Create() => new(ModelFamilyCatalog.Resnet34, new ResnetConfig
    {
        Labels = ["0", "1", "2"],
        Images = FamilySample.Images,
        EmbeddingSize = 4,
        HiddenSizes = [4, 8, 8, 12],
        Depths = [3, 4, 6, 3],
        Bottleneck = false,
    });
}
