using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Api.Persistence;

/// <summary>Where studies are kept.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Database";

    /// <summary><c>sqlite</c> (default; one process) or <c>postgres</c>.</summary>
    [RegularExpression("^(sqlite|postgres)$", ErrorMessage = "Database:Provider is sqlite or postgres.")]
    public string Provider { get; set; } = "sqlite";

    /// <summary>Connection string of the provider.</summary>
    [Required(ErrorMessage = "Database:ConnectionString is needed, such as 'Data Source=hypersearch.db' or 'Host=db;Database=hypersearch;Username=hypersearch'.")]
    public string ConnectionString { get; set; } = "";

    internal bool IsPostgres => Provider == "postgres";
}
