namespace HyperSearch.Api.Tests.Coordination;

public sealed class PostgresPrecisionTests : PrecisionSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: true);
}
