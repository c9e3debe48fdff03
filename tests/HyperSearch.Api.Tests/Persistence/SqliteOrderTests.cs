namespace HyperSearch.Api.Tests.Persistence;

public sealed class SqliteOrderTests : OrderSuite
{
    protected override Dictionary<string, string?> Database => new() { ["Database:Provider"] = "sqlite" };
}
