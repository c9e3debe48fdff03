using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Tests.ModelFamilies;

public sealed class ModelFamilyCatalogTests
{
    public static TheoryData<string> Families => [.. ModelFamilyCatalog.All.Select(f => f.Name)];

    [Fact]
    public void All_Names_AreSortedAndFound()
    {
        string[] names = [.. ModelFamilyCatalog.All.Select(f => f.Name)];

        names.ShouldBe(["bert", "convnet", "mobilenet_v2", "resnet18", "resnet34", "resnet50", "synthetic"]);
        names.ShouldAllBe(n => ModelFamilyCatalog.Find(n)!.Name == n);
        ModelFamilyCatalog.Find("resnet19").ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Defaults_OfEachFamily_AreValidAndInsideItsSpace(string name)
    {
        ModelFamily family = ModelFamilyCatalog.Find(name)!;

        HyperparameterCatalog.All.ShouldAllBe(h => h.IsValid(family.Defaults[h]!.Value, h == HyperparameterCatalog.FrozenBlocks ? family.Blocks : null));
        foreach (ParameterDomain domain in family.DefaultSpace(multiFidelity: false))
        {
            double most = domain.Hyperparameter == HyperparameterCatalog.FrozenBlocks ? family.Blocks : double.PositiveInfinity;
            domain.Hyperparameter.IsValid(domain.Smallest, most).ShouldBeTrue(domain.Hyperparameter.Name);
            domain.Hyperparameter.IsValid(domain.Largest, most).ShouldBeTrue(domain.Hyperparameter.Name);
            family.Defaults[domain.Hyperparameter]!.Value.ShouldBeInRange(domain.Smallest, domain.Largest, domain.Hyperparameter.Name);
        }
    }

    [Theory]
    [InlineData("convnet", 3)]
    [InlineData("synthetic", 3)]
    [InlineData("resnet18", 5)]
    [InlineData("mobilenet_v2", 19)]
    [InlineData("bert", 13)]
    public void DefaultSpace_FrozenBlocks_EndsWhereTheFamilySays(string name, int most)
    {
        ModelFamily family = ModelFamilyCatalog.Find(name)!;

        Frozen(family).ShouldBe(most);
        Frozen(family with { Blocks = 2 }).ShouldBe(2);

        static double Frozen(ModelFamily family) => family.DefaultSpace(true).Single(d => d.Hyperparameter == HyperparameterCatalog.FrozenBlocks).Largest;
    }
}
