using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

public sealed class FreezingProposalTests
{
    [Theory]
    [InlineData("alike: it rises to the end", new[] { 0.5, 0.7, 0.8, 0.9 }, 0.02, 4, 4)]
    [InlineData("unlike: the last blocks serve the source", new[] { 0.5, 0.8, 0.7, 0.4 }, 0.02, 2, 2)]
    [InlineData("a plateau", new[] { 0.5, 0.88, 0.9, 0.89 }, 0.02, 2, 4)]
    [InlineData("exactly one standard error", new[] { 0.5, 0.75, 0.5, 0.5 }, 0.25, 1, 4)]
    [InlineData("a gap between two good depths", new[] { 0.9, 0.6, 0.9, 0.5 }, 0.01, 1, 3)]
    [InlineData("all the same", new[] { 0.5, 0.5, 0.5 }, 0.0, 1, 3)]
    [InlineData("one block", new[] { 0.2 }, 0.1, 1, 1)]
    public void Of_Scores_ReachesFromNothingToTheDeepestDepthThatIsAsGood(string what, double[] values, double error, int separatesAt, int max) =>
        FreezingProposal.Of(Depths(values, error)).ShouldBe(new FreezingProposal(separatesAt, 0, max), what);

    [Fact]
    public void Of_UnknownStandardError_OnlyTheBestIsAsGood() =>
        FreezingProposal.Of(Depths([0.5, 0.89, 0.9, 0.89], null)).ShouldBe(new FreezingProposal(3, 0, 3));

    [Fact]
    public void Of_StandardErrorOfAnotherDepth_DoesNotCount() =>
        FreezingProposal.Of([new(1, 0.8, 0.5), new(2, 0.9, 0.01)]).ShouldBe(new FreezingProposal(2, 0, 2));

    [Theory]
    [InlineData("{\"frozen_blocks\": {\"min\": 0, \"max\": 3}}", "goes up to 3")]
    [InlineData("{\"frozen_blocks\": [0, 4]}", "goes up to 4")]
    [InlineData("{\"frozen_blocks\": 3}", "has 3")]
    [InlineData("{\"frozen_blocks\": {\"min\": 0, \"max\": 2}}", null)]
    [InlineData("{\"frozen_blocks\": 2}", null)]
    [InlineData("{\"dropout\": [0, 0.1]}", null)]
    public void Compare_SpaceBeyondTheProposal_Warns(string space, string? says)
    {
        SearchSpace searched = Requests.Valid(Requests.With($"\"search_space\": {space}")).Space;

        ValidationWarning? warning = new FreezingProposal(1, 0, 2).Compare(searched);

        (warning?.Code, warning?.Pointer).ShouldBe(says is null ? (null, null) : ("frozen_beyond_probe", "/search_space/frozen_blocks"));
        (warning?.Detail.Contains(says!, StringComparison.Ordinal) ?? true).ShouldBeTrue(warning?.Detail);
    }

    private static DepthScore[] Depths(double[] values, double? error) => [.. values.Select((v, i) => new DepthScore(i + 1, v, error))];
}
