using System.Text.Json;
using HyperSearch.Core.Studies;
using Microsoft.Extensions.Configuration;

namespace HyperSearch.Worker;

/// <summary>
/// What a worker needs of the catalogue that it shares with the API: the folders that requests may name paths in. Where the
/// named models and datasets lie, studies carry themselves. A file that the API would refuse is refused here as well.
/// </summary>
internal static class CatalogRoots
{
    /// <exception cref="InvalidOperationException">The file cannot be read or is not valid; the message says why.</exception>
    public static void AddTo(WorkerOptions options, IConfigurationSection catalog)
    {
        string? file = catalog["File"];
        try
        {
            foreach (string root in Catalog.Parse(file is null ? null : File.ReadAllText(file), catalog.GetSection("Roots").Get<string[]>() ?? []).Roots)
            {
                options.DataRoots.Add(root);
            }
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The catalogue {file} cannot be used: {error.Message}", error);
        }
    }
}
