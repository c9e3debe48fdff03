using System.Text.Json;
using System.Text.Json.Nodes;
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
            JsonNode file = given.File is null ? new JsonObject() : JsonNode.Parse(File.ReadAllText(given.File))!;
            if (given.Roots.Length > 0 && file is JsonObject json && (json["roots"] ?? (json["roots"] = new JsonArray())) is JsonArray roots)
            {
                Array.ForEach(given.Roots, roots.Add<string>);
            }

            return Catalog.Parse(JsonSerializer.SerializeToElement(file));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The catalogue {given.File} cannot be used: {error.Message}", error);
        }
    }
}
