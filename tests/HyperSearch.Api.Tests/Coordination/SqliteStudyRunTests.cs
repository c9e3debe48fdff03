namespace HyperSearch.Api.Tests.Coordination;

public sealed class SqliteStudyRunTests : StudyRunSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: false);
}
