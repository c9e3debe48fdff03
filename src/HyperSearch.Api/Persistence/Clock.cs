namespace HyperSearch.Api.Persistence;

internal static class Clock
{
    /// <summary>The time in whole microseconds: as precise as both databases keep it.</summary>
    public static DateTimeOffset GetMicroseconds(this TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
