using HyperSearch.Servers;

namespace HyperSearch.Api.Tests.Persistence;

public sealed class PostgresIdempotencyTests(PostgresDatabase database) : IdempotencySuite, IClassFixture<PostgresDatabase>
{
    protected override Dictionary<string, string?> Database => new() { ["Database:Provider"] = "postgres", ["Database:ConnectionString"] = database.ConnectionString };
}
