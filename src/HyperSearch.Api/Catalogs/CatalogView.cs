using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Contracts;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Catalogs;

/// <summary>What may be named in a request, with defaults and ranges.</summary>
internal static class CatalogView
{
    public static ModelResponse Of(CatalogModel model) => new()
    {
        Name = model.Name,
        Family = model.Family.Name,
        Blocks = model.Family.Blocks,
        Pretrained = model.Location is not null,
        NeedsDataset = model.Family.NeedsDataset,
        Defaults = Element(model.Family.Defaults.ToJson()),
        SearchSpace = SpaceOf(model.Family, false),
        MultiFidelitySearchSpace = SpaceOf(model.Family, true),
    };

    public static DatasetResponse Of(CatalogDataset dataset) => new() { Name = dataset.Name, Format = dataset.Format, Classes = dataset.Classes };

    public static HyperparameterResponse Of(Hyperparameter h) => new()
    {
        Name = h.Name,
        Type = h.Kind switch
        {
            HyperparameterKind.Real => "float",
            HyperparameterKind.Whole => "int",
            HyperparameterKind.Choice => "choice",
            _ => throw new InvalidOperationException($"Unknown kind {h.Kind}."),
        },
        Meaning = h.Meaning,
        Companion = h.Companion,
        Min = h.Kind == HyperparameterKind.Choice ? null : Finite(h.Minimum),
        Max = h.Kind == HyperparameterKind.Choice ? null : Finite(h.Maximum),
        MinExcluded = h.MinimumExcluded,
        MaxExcluded = h.MaximumExcluded,
        Choices = h.Choices,
        Families = ModelFamilyCatalog.All.ToDictionary(f => f.Name, f => InFamily(h, f)),
    };

    private static HyperparameterDefault InFamily(Hyperparameter h, ModelFamily family)
    {
        ParameterDomain? searched = family.DefaultSpace(false).FirstOrDefault(d => d.Hyperparameter == h);
        return new HyperparameterDefault
        {
            Default = Element(ParameterSet.Render(h, family.Defaults[h])),
            Search = searched is null ? null : Element(DomainOf(searched)),
            Max = h.Kind == HyperparameterKind.Choice ? null : h == HyperparameterCatalog.FrozenBlocks ? family.Blocks : Finite(h.Maximum),
        };
    }

    private static JsonElement SpaceOf(ModelFamily family, bool multiFidelity) =>
        Element(new JsonObject(family.DefaultSpace(multiFidelity).Select(d => KeyValuePair.Create(d.Hyperparameter.Name, (JsonNode?)DomainOf(d)))));

    private static JsonObject DomainOf(ParameterDomain domain)
    {
        Hyperparameter h = domain.Hyperparameter;
        return domain switch
        {
            ParameterDomain.Listed list => new() { ["values"] = new JsonArray([.. list.Values.Select(v => ParameterSet.Render(h, v))]) },
            ParameterDomain.Ranged range => new()
            {
                ["min"] = ParameterSet.Render(h, range.Min),
                ["max"] = ParameterSet.Render(h, range.Max),
                ["scale"] = range.Log ? "log" : "linear",
            },
            _ => throw new InvalidOperationException($"Unknown domain {domain.GetType().Name}."),
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
