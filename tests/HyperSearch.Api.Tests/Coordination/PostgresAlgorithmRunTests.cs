namespace HyperSearch.Api.Tests.Coordination;

public sealed class PostgresAlgorithmRunTests : AlgorithmRunSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: true);
}
