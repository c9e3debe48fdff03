namespace HyperSearch.Api.Tests.Coordination;

public sealed class PostgresFaultTests : FaultSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: true);
}
