namespace HyperSearch.Api.Tests.Coordination;

public sealed class SqliteFaultTests : FaultSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: false);
}
