using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Core.Studies;

/// <summary>The models and datasets that studies may name: what is shipped, and what one configuration file adds. Nothing here opens data.</summary>
public sealed record Catalog
{
    /// <summary>What is shipped, without roots: requests may name it, but no path.</summary>
    public static Catalog BuiltIn { get; } = new()
    {
        Models =
        [
            new(ModelFamilyCatalog.Convnet.Name, ModelFamilyCatalog.Convnet, "samples:convnet"),
            new(ModelFamilyCatalog.Synthetic.Name, ModelFamilyCatalog.Synthetic, null),
        ],
        Datasets =
        [
            new("fashion-mnist-sample", "samples:fashion-mnist-sample", "idx", 10),
            new("fashion-mnist", "/usr/share/datasets/fashion-mnist", "idx", 10),
        ],
    };

    /// <summary>The models, names unique.</summary>
    public required ImmutableArray<CatalogModel> Models { get; init; }

    /// <summary>The datasets, names unique.</summary>
    public required ImmutableArray<CatalogDataset> Datasets { get; init; }

    /// <summary>Absolute folders; a path in a request must lie under one of them. None by default: then no path is accepted.</summary>
    public ImmutableArray<string> Roots { get; init; } = [];

    /// <summary>
    /// The built-in entries and those of a configuration file:
    /// <c>{"models": [{"name", "family", "blocks"?, "location"?}], "datasets": [{"name", "location", "format"?, "classes"?, ...}], "roots": [path]}</c>,
    /// every part optional; a dataset also takes the fields of <see cref="DatasetOptions"/>, such as <c>text_column</c>. An entry replaces the built-in one of its name.
    /// </summary>
    /// <param name="json">The file's root.</param>
    /// <exception cref="JsonException">The file is not valid; the message lists every error with its JSON pointer.</exception>
    public static Catalog Parse(JsonElement json)
    {
        Findings findings = new();
        Catalog? catalog = DocumentCheck.Run(json, findings) ? CatalogReader.Read(json, findings) : null;
        if (catalog is not null && !findings.HasErrors)
        {
            return catalog;
        }

        throw new JsonException("The catalogue is not valid. " + string.Join(" ", findings.Errors.Select(e => $"{e.Pointer}: {e.Detail}")));
    }

    /// <summary>As <see cref="Parse(JsonElement)"/>, from the file's text and with the roots of the settings besides the file's.</summary>
    /// <param name="text">The file's text; null without a file.</param>
    /// <param name="roots">Further absolute folders.</param>
    /// <exception cref="JsonException">The text is no JSON, or the file or a root is not valid; the message says where.</exception>
    public static Catalog Parse(string? text, IEnumerable<string> roots)
    {
        JsonNode? file = text is null ? new JsonObject() : JsonNode.Parse(text);
        foreach (string root in roots)
        {
            if (file is JsonObject json && (json["roots"] ?? (json["roots"] = new JsonArray())) is JsonArray all)
            {
                all.Add<string>(root);
            }
        }

        return Parse(JsonSerializer.SerializeToElement(file));
    }

    /// <summary>The model of that name, or null.</summary>
    /// <param name="name">The exact name.</param>
    public CatalogModel? FindModel(string name) => Models.FirstOrDefault(m => m.Name == name);

    /// <summary>The dataset of that name, or null.</summary>
    /// <param name="name">The exact name.</param>
    public CatalogDataset? FindDataset(string name) => Datasets.FirstOrDefault(d => d.Name == name);

    /// <summary>Whether a normalised path is one of <see cref="Roots"/> or lies under one. Lexical only: whoever opens the path resolves links and asks again.</summary>
    /// <param name="path">What <see cref="AbsolutePath.Normalize"/> gave.</param>
    public bool IsUnderRoot(string path) => Roots.Any(root => AbsolutePath.IsUnder(path, root));
}
