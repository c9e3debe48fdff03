using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace HyperSearch.Api.Persistence;

/// <summary>For <c>dotnet ef migrations add NAME --context PostgresSearchDb -o Persistence/Migrations/Postgres</c>.</summary>
internal sealed class PostgresSearchDbFactory : IDesignTimeDbContextFactory<PostgresSearchDb>
{
    public PostgresSearchDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresSearchDb>().UsePostgresSearchDb("Host=localhost").Options);
}
