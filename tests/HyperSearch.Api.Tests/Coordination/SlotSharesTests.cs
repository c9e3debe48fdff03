using HyperSearch.Api.Coordination;
using HyperSearch.Core.Studies;

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
        Counts(SlotShares.Of(Slots(free, Precisions.Fp32), [.. assigned.Split(' ').Select(a => (int.Parse(a), (string?)Precisions.Fp32))])).ShouldBe(shares);

    [Theory]
    [InlineData(2, 2, "fp32 bf16", "2 2")]
    [InlineData(2, 2, "bf16 fp32", "2 2")]
    [InlineData(1, 1, "fp32 bf16", "1 1")]
    [InlineData(0, 3, "fp32 bf16", "2 1")]
    [InlineData(3, 0, "fp32 bf16", "3 0")]
    [InlineData(3, 1, "bf16", "1")]
    [InlineData(3, 1, "any bf16", "3 1")]
    [InlineData(1, 3, "any bf16", "2 2")]
    public void Of_SlotsThatAreNotAlike_GoWhereTheyAreOfUse(int fp32, int both, string studies, string shares)
    {
        // The able ones come first here, and are kept for those that need them all the same.
        FreeSlot[] slots = [.. Slots(both, Precisions.Bf16, Precisions.Fp32), .. Slots(fp32, Precisions.Fp32)];

        List<FreeSlot>[] found = SlotShares.Of(slots, [.. studies.Split(' ').Select(s => (0, s == "any" ? null : s))]);

        Counts(found).ShouldBe(shares);
        found[studies.Split(' ').IndexOf("bf16")].ShouldAllBe(s => s.Precisions.Contains("bf16"));
    }

    [Fact]
    public void Of_NoStudy_IsNothing() => SlotShares.Of(Slots(5, Precisions.Fp32), []).ShouldBeEmpty();

    private static FreeSlot[] Slots(int count, params string[] precisions) => [.. Enumerable.Range(0, count).Select(_ => new FreeSlot(Guid.NewGuid(), precisions))];

    private static string Counts(List<FreeSlot>[] shares) => string.Join(' ', shares.Select(s => s.Count));
}
