namespace HyperSearch.Api.Tests.Coordination;

public sealed class PostgresProbeTests : ProbeSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: true);
}
