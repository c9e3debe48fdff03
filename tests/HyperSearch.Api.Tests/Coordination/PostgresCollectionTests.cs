namespace HyperSearch.Api.Tests.Coordination;

public sealed class PostgresCollectionTests : CollectionSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: true);
}
