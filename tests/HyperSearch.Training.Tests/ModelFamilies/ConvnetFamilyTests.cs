using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Training.Tests.ModelFamilies;

public sealed class ConvnetFamilyTests : ModelFamilySuite
{
    protected override ModelFamily Create() => ModelFamilyCatalog.Convnet;
}
