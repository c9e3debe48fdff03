using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace HyperSearch.Api.Persistence;

/// <summary>For <c>dotnet ef migrations add NAME --context SqliteSearchDb -o Persistence/Migrations/Sqlite</c>.</summary>
internal sealed class SqliteSearchDbFactory : IDesignTimeDbContextFactory<SqliteSearchDb>
{
    public SqliteSearchDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteSearchDb>().UseSqliteSearchDb("Data Source=design.db").Options);
}
