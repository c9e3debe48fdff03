namespace HyperSearch.Api.Tests.Coordination;

public sealed class SqliteAlgorithmRunTests : AlgorithmRunSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: false);
}
