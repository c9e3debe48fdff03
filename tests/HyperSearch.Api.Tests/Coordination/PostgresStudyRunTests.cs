namespace HyperSearch.Api.Tests.Coordination;

public sealed class PostgresStudyRunTests : StudyRunSuite
{
    private protected override TestDatabase Database { get; } = new(onPostgres: true);
}
