namespace HyperSearch.Api.Tests.Coordination;

public sealed class SqliteCollectionTests : CollectionSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: false);
}
