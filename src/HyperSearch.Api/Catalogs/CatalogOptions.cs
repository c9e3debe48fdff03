namespace HyperSearch.Api.Catalogs;

/// <summary>Which models and datasets studies may name besides the built-in ones.</summary>
public sealed class CatalogOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Catalog";

    /// <summary>A JSON file with further models, datasets and roots, read by API and workers alike; null for none.</summary>
    public string? File { get; set; }

    /// <summary>Absolute folders under which requests may name paths, besides those of the file; none by default.</summary>
    public string[] Roots { get; set; } = [];
}
