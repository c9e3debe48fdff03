using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the model of a request: a name of the catalogue, or <c>{family, weights, blocks}</c>, or <c>{family: "synthetic", ...}</c>.</summary>
internal static class ModelReader
{
    private const string Field = "model";
    private const int LongestName = 200;
    private const double LongestEpochMs = 3_600_000;
    private static readonly ImmutableArray<string> Options = ["epoch_ms", "failure_rate", "divergence_rate", "noise", "crossing"];
    private static readonly ImmutableArray<string> Known = ["family", "weights", "blocks", .. Options];

    public static StudyModel? Read(RequestObject study, Catalog catalog)
    {
        if (study.Get(Field) is not { } element)
        {
            study.Findings.Missing(study.Pointer(Field), "A study needs a model: a name of the catalogue, or an object with a family.");
            return null;
        }

        return element.ValueKind switch
        {
            JsonValueKind.String => study.Text(Field, LongestName) is { } name ? Named(study, name, catalog) : null,
            JsonValueKind.Object => RequestObject.Read(element, study.Pointer(Field), study.Findings, Known) is { } model ? Described(model, catalog) : null,
            _ => Wrong(study, element),
        };
    }

    private static StudyModel? Wrong(RequestObject study, JsonElement element)
    {
        study.Findings.WrongType(study.Pointer(Field), "a name or an object", element);
        return null;
    }

    private static StudyModel? Named(RequestObject study, string name, Catalog catalog)
    {
        if (catalog.FindModel(name) is { } entry)
        {
            SyntheticOptions? options = entry.Family.NeedsDataset ? null : new();
            return new() { Name = name, Family = entry.Family, Weights = entry.Location, Synthetic = options };
        }

        NoSuchModel(study.Findings, study.Pointer(Field), "model", name, catalog.Models.Select(m => m.Name));
        return null;
    }

    private static void NoSuchModel(Findings findings, string pointer, string what, string name, IEnumerable<string> names) =>
        findings.Error(pointer, ErrorCode.NoSuchModel,
            $"There is no {what} {Findings.Quote(name)}; there are {string.Join(", ", names)}.{Suggestion.Sentence(name, names)}");

    private static StudyModel? Described(RequestObject model, Catalog catalog)
    {
        int? blocks = model.Int("blocks", 1, CatalogReader.MostBlocks);
        ModelFamily? family = Family(model);
        if (family is null)
        {
            return null;
        }

        family = family with { Blocks = blocks ?? family.Blocks };
        return family.NeedsDataset ? Weighted(model, family, catalog) : Synthetic(model, family);
    }

    private static ModelFamily? Family(RequestObject model)
    {
        if (!model.Has("family"))
        {
            model.Findings.Missing(model.Pointer("family"), "A model object needs its family.");
        }

        if (model.Text("family", LongestName) is not { } name)
        {
            return null;
        }

        if (ModelFamilyCatalog.Find(name) is { } family)
        {
            return family;
        }

        NoSuchModel(model.Findings, model.Pointer("family"), "model family", name, ModelFamilyCatalog.All.Select(f => f.Name));
        return null;
    }

    private static StudyModel Weighted(RequestObject model, ModelFamily family, Catalog catalog)
    {
        foreach (string option in Options.Where(model.Has))
        {
            model.Findings.Error(model.Pointer(option), ErrorCode.NotAccepted, "Only the synthetic family has this option.");
        }

        return new() { Family = family, Weights = RequestLocation.Read(model, "weights", catalog, [.. catalog.Models.Select(m => m.Location)]) };
    }

    private static StudyModel Synthetic(RequestObject model, ModelFamily family)
    {
        if (model.Has("weights"))
        {
            model.Findings.Error(model.Pointer("weights"), ErrorCode.NotAccepted, "The synthetic family has no weights.");
        }

        SyntheticOptions options = new()
        {
            EpochMs = model.Number("epoch_ms", 0, LongestEpochMs) ?? 0,
            FailureRate = model.Number("failure_rate", 0, 1) ?? 0,
            DivergenceRate = model.Number("divergence_rate", 0, 1) ?? 0,
            Noise = model.Number("noise", 0, 1_000_000) ?? 0,
            Crossing = model.Number("crossing", 0, 1) ?? 0,
        };
        return new() { Name = family.Name, Family = family, Synthetic = options };
    }
}
