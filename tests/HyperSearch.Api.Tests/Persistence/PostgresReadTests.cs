using HyperSearch.Servers;

namespace HyperSearch.Api.Tests.Persistence;

public sealed class PostgresReadTests(PostgresDatabase database) : ReadSuite, IClassFixture<PostgresDatabase>
{
    protected override Dictionary<string, string?> Database => new() { ["Database:Provider"] = "postgres", ["Database:ConnectionString"] = database.ConnectionString };
}
