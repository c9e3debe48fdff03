using HyperSearch.Api.Studies;
using Microsoft.Extensions.Time.Testing;

namespace HyperSearch.Api.Tests.Studies;

public sealed class StudyIdTests
{
    [Fact]
    public void New_LaterTime_SortsBehind()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        List<string> ids = [];
        for (int i = 0; i < 100; i++)
        {
            ids.Add(StudyId.New(time));
            time.Advance(TimeSpan.FromMilliseconds(i * i * 97 + 1));
        }

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldAllBe(id => id.Length == 29);
    }

    [Fact]
    public void New_SameTime_NeverRepeats()
    {
        FakeTimeProvider time = new();

        Enumerable.Range(0, 10_000).Select(_ => StudyId.New(time)).Distinct().Count().ShouldBe(10_000);
    }
}
