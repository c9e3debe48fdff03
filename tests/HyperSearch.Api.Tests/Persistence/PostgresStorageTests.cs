using HyperSearch.Servers;

namespace HyperSearch.Api.Tests.Persistence;

public sealed class PostgresStorageTests(PostgresDatabase database) : StorageSuite, IClassFixture<PostgresDatabase>
{
    protected override Dictionary<string, string?> Database => new() { ["Database:Provider"] = "postgres", ["Database:ConnectionString"] = database.ConnectionString };
}
