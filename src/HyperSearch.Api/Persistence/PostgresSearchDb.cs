using HyperSearch.Core.Hyperparameters;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Persistence;

/// <summary>The tables on PostgreSQL.</summary>
internal sealed class PostgresSearchDb(DbContextOptions<PostgresSearchDb> options) : SearchDb(options)
{
    public override ISqlDialect Sql => PostgresDialect.Instance;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<ParameterSet>().HaveColumnType("jsonb");
    }
}
