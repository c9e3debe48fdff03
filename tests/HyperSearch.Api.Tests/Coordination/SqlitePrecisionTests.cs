namespace HyperSearch.Api.Tests.Coordination;

public sealed class SqlitePrecisionTests : PrecisionSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: false);
}
