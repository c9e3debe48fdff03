using HyperSearch.Api.Coordination;

namespace HyperSearch.Api.Tests.Coordination;

public sealed class SlotSharesTests
{
    [Theory]
    [InlineData(4, "0 0", "2 2")]
    [InlineData(3, "0 0", "2 1")]
    [InlineData(3, "5 0", "0 3")]
    [InlineData(10, "5 0 1", "1 5 4")]
    [InlineData(1, "2 2 1", "0 0 1")]
    [InlineData(0, "1 0", "0 0")]
    public void Of_Assigned_EvensOutWhatStudiesHave(int free, string assigned, string shares) =>
        string.Join(' ', SlotShares.Of(free, [.. assigned.Split(' ').Select(int.Parse)])).ShouldBe(shares);

    [Fact]
    public void Of_NoStudy_IsNothing() => SlotShares.Of(5, []).ShouldBeEmpty();
}
