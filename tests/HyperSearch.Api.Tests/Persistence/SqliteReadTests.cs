namespace HyperSearch.Api.Tests.Persistence;

public sealed class SqliteReadTests : ReadSuite
{
    protected override Dictionary<string, string?> Database => new() { ["Database:Provider"] = "sqlite" };
}
