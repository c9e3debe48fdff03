using HyperSearch.Api.Trials;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Tests.Trials;

public sealed class ReportThinningTests
{
    [Theory]
    [InlineData(100, 3, 57)]
    [InlineData(100, 10, 57)]
    [InlineData(100, 99, 1)]
    [InlineData(4, 3, 2)]
    [InlineData(10_000, 500, 9_999)]
    public void Thin_TooMany_KeepsFirstBestAndLast(int count, int most, int best)
    {
        Report[] reports = [.. Enumerable.Range(1, count).Select(e => Report(e, e == best ? 0.1 : 1 + e))];

        IReadOnlyList<Report> kept = ReportThinning.Thin(reports, most, new Objective());

        kept.Count.ShouldBeLessThanOrEqualTo(most);
        kept.Count.ShouldBeGreaterThanOrEqualTo(most - 1);
        kept.Select(r => r.Epoch).ShouldBeInOrder();
        kept.Select(r => r.Epoch).ShouldBeUnique();
        (kept[0].Epoch, kept[^1].Epoch).ShouldBe((1, count));
        kept.ShouldContain(r => r.Epoch == best);
    }

    [Fact]
    public void Thin_FewEnough_IsTheSame()
    {
        Report[] reports = [.. Enumerable.Range(1, 5).Select(e => Report(e, e))];

        ReportThinning.Thin(reports, 5, new Objective()).ShouldBe(reports);
    }

    [Fact]
    public void Thin_WithoutAnyValue_StillKeepsBothEnds()
    {
        Report[] reports = [.. Enumerable.Range(1, 50).Select(e => Report(e, null))];

        IReadOnlyList<Report> kept = ReportThinning.Thin(reports, 5, new Objective());

        (kept[0].Epoch, kept[^1].Epoch).ShouldBe((1, 50));
    }

    private static Report Report(int epoch, double? loss) => new() { StudyId = "st_x", Number = 0, Epoch = epoch, ValLoss = loss };
}
