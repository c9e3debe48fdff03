namespace HyperSearch.Training.Tests.ModelFamilies.Bert;

public sealed class BertFamilyTests : TextFamilySuite
{
    private protected override bool Distilled => false;
}
