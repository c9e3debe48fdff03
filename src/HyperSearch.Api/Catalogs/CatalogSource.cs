using System.Text.Json;
using HyperSearch.Core.Studies;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Catalogs;

/// <summary>Reads the catalogue once, at the start.</summary>
internal static class CatalogSource
{
    /// <exception cref="InvalidOperationException">The file cannot be read or is not valid; the message says why.</exception>
    public static Catalog Read(IOptions<CatalogOptions> options)
    {
        CatalogOptions given = options.Value;
        try
        {
            return Catalog.Parse(given.File is null ? null : File.ReadAllText(given.File), given.Roots);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The catalogue {given.File} cannot be used: {error.Message}", error);
        }
    }
}
