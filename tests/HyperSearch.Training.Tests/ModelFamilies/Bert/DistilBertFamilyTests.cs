namespace HyperSearch.Training.Tests.ModelFamilies.Bert;

public sealed class DistilBertFamilyTests : TextFamilySuite
{
    private protected override bool Distilled => true;
}
