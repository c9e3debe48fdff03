using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "acb", 1)]
    [InlineData("ca", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_TwoNames_CountsEdits(string a, string b, int expected)
    {
        Suggestion.Distance(a, b).ShouldBe(expected);
        Suggestion.Distance(b, a).ShouldBe(expected);
    }

    [Theory]
    [InlineData("learning_rat", "learning_rate")]
    [InlineData("learningRate", "learning_rate")]
    [InlineData("learning-rate", "learning_rate")]
    [InlineData("dorpout", "dropout")]
    [InlineData("epoch", "epochs")]
    [InlineData("batchsize", "batch_size")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    public void For_Mistyped_GivesTheNearest(string name, string? expected) =>
        Suggestion.For(name, HyperparameterCatalog.All.Select(h => h.Name)).ShouldBe(expected);

    [Fact]
    public void For_VeryLongName_GivesNothing() => Suggestion.For(new string('a', 100_000), ["a"]).ShouldBeNull();
}
