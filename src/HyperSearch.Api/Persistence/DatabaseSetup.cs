using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Persistence;

internal static class DatabaseSetup
{
    public static DbContextOptionsBuilder<PostgresSearchDb> UsePostgresSearchDb(this DbContextOptionsBuilder<PostgresSearchDb> options, string connectionString)
    {
        options.UseNpgsql(connectionString, o => o.MigrationsHistoryTable("schema_migrations"));
        return options;
    }

    public static DbContextOptionsBuilder<SqliteSearchDb> UseSqliteSearchDb(this DbContextOptionsBuilder<SqliteSearchDb> options, string connectionString)
    {
        options.UseSqlite(connectionString, o => o.MigrationsHistoryTable("schema_migrations"));
        return options;
    }

    /// <summary>Registers <see cref="SearchDbs"/>, the one way to the database.</summary>
    public static IServiceCollection AddSearchDb(this IServiceCollection services)
    {
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<SearchDbs>();
    }
}
