using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace HyperSearch.Api.Persistence;

/// <summary>A time as microseconds since 1970, in UTC.</summary>
internal sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
    micros => new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero));
