namespace HyperSearch.Api.Tests.Persistence;

public sealed class SqliteIdempotencyTests : IdempotencySuite
{
    protected override Dictionary<string, string?> Database => new() { ["Database:Provider"] = "sqlite" };
}
