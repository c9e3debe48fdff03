using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Convnet;

namespace HyperSearch.Training.Tests.ModelFamilies;

public sealed class ConvnetFamilyTests : ModelFamilySuite
{
    private protected override FamilySample Create() => new(ModelFamilyCatalog.Convnet,
        new ConvnetConfig { Labels = ["0", "1", "2"], Images = FamilySample.Images, HiddenSizes = [4, 6, 8, 8] });
}
