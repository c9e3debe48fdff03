namespace HyperSearch.Api.Tests.Coordination;

public sealed class SqliteProbeTests : ProbeSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: false);
}
