using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Persistence;

/// <summary>The tables on SQLite.</summary>
internal sealed class SqliteSearchDb(DbContextOptions<SqliteSearchDb> options) : SearchDb(options)
{
    public override ISqlDialect Sql => SqliteDialect.Instance;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // SQLite compares no DateTimeOffset: microseconds since 1970, as precise as PostgreSQL.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
    }
}
