using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace HyperSearch.Worker.Tests;

public sealed class HealthCheckTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData(59, 0)]
    [InlineData(61, 1)]
    public void Run_ByTheAgeOfTheLastAnswer_SaysHealthyOrNot(int? seconds, int expected)
    {
        using TemporaryFolder folder = new();
        DateTimeOffset now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        if (seconds is { } age)
        {
            File.WriteAllText(folder.In("alive"), "");
            File.SetLastWriteTimeUtc(folder.In("alive"), now.UtcDateTime.AddSeconds(-age));
        }

        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Worker:WorkFolder", folder.Path)]).Build();

        HealthCheck.Run(configuration, new FakeTimeProvider(now), TextWriter.Null).ShouldBe(expected);
    }
}
