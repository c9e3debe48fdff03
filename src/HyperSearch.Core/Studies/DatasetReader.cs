using System.Collections.Immutable;
using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the dataset of a request: a name of the catalogue, or an object with a name or a path.</summary>
internal static class DatasetReader
{
    private const string Field = "dataset";
    private const int LongestName = 200;
    private static readonly ImmutableArray<string> Later = ["uri"];
    private static readonly ImmutableArray<string> LaterFormats = ["parquet"];
    private static readonly ImmutableArray<string> Known = ["name", "path", "format", "max_train_examples", .. DatasetOptionsReader.Fields, .. Later];

    /// <summary>The dataset; null when there is none or it was reported.</summary>
    /// <param name="study">The request.</param>
    /// <param name="model">The model, or null where it was reported.</param>
    /// <param name="catalog">What may be named.</param>
    public static StudyDataset? Read(RequestObject study, StudyModel? model, Catalog catalog)
    {
        bool needed = model?.Family.NeedsDataset ?? false;
        if (study.Get(Field) is not { } element)
        {
            if (needed)
            {
                study.Findings.Missing(study.Pointer(Field), "A study needs a dataset: a name of the catalogue, or an object with a name or a path.");
            }

            return null;
        }

        bool synthetic = model is { Family.NeedsDataset: false };
        if (synthetic && element.ValueKind == JsonValueKind.String && element.GetString() == "none")
        {
            return null;
        }

        StudyDataset? dataset = ReadElement(study, element, catalog);
        if (!synthetic)
        {
            CheckKind(study, element, model, dataset);
            return dataset;
        }

        study.Findings.Warn(WarningCode.NoEffect, study.Pointer(Field), "The synthetic family uses no dataset; this one is not opened.");
        return null;
    }

    private static void CheckKind(RequestObject study, JsonElement element, StudyModel? model, StudyDataset? dataset)
    {
        if (model is null || dataset is null || model.Family.TakesTexts == DatasetFormat.IsText(dataset.Format))
        {
            return;
        }

        bool given = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("format", out _);
        string takes = model.Family.TakesTexts ? "texts (csv, jsonl)" : "images (idx, image_folder)";
        study.Findings.Error(study.Pointer(Field) + (given ? "/format" : ""), ErrorCode.NotAccepted,
            $"The family {model.Family.Name} takes {takes}; this dataset has the format {dataset.Format}.");
    }

    /// <summary>The format of an object that has one; null and reported when it is not known or not there yet.</summary>
    public static string? ReadFormat(RequestObject owner)
    {
        string? format = owner.OneOf("format", [.. DatasetFormat.All, .. LaterFormats]);
        if (format is null || DatasetFormat.All.Contains(format))
        {
            return format;
        }

        owner.Findings.NotYet(owner.Pointer("format"), $"the dataset format {format}; it has {string.Join(", ", DatasetFormat.All)}");
        return null;
    }

    private static StudyDataset? ReadElement(RequestObject study, JsonElement element, Catalog catalog)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return Named(study, Field, catalog);
            case JsonValueKind.Object:
                return RequestObject.Read(element, study.Pointer(Field), study.Findings, Known) is { } dataset ? Described(dataset, catalog) : null;
            default:
                study.Findings.WrongType(study.Pointer(Field), "a name or an object", element);
                return null;
        }
    }

    private static StudyDataset? Named(RequestObject owner, string field, Catalog catalog)
    {
        if (owner.Text(field, LongestName) is not { } name)
        {
            return null;
        }

        if (catalog.FindDataset(name) is { } entry)
        {
            return new() { Name = name, Location = entry.Location, Format = entry.Format, Classes = entry.Classes, Options = entry.Options };
        }

        IEnumerable<string> names = catalog.Datasets.Select(d => d.Name);
        owner.Findings.Error(owner.Pointer(field), ErrorCode.NoSuchDataset,
            $"There is no dataset {Findings.Quote(name)}; there are {string.Join(", ", names)}.{Suggestion.Sentence(name, names)}");
        return null;
    }

    private static StudyDataset? Described(RequestObject dataset, Catalog catalog)
    {
        foreach (string later in Later.Where(dataset.Has))
        {
            dataset.Findings.NotYet(dataset.Pointer(later), $"the option {later} of a dataset");
        }

        int? most = dataset.Int("max_train_examples", 1, int.MaxValue);
        string? format = dataset.Has("format") ? ReadFormat(dataset) : null;
        DatasetOptions asked = DatasetOptionsReader.Read(dataset);
        StudyDataset? source = Source(dataset, catalog);
        if (source is null)
        {
            return null;
        }

        if (source.Name is not null && format is not null && format != source.Format)
        {
            dataset.Findings.Error(dataset.Pointer("format"), ErrorCode.NotAccepted, $"The dataset {source.Name} has the format {source.Format}.");
        }

        source = source with { MaxTrainExamples = most, Options = asked.Or(source.Options) };
        source = source.Name is null ? source with { Format = format ?? DatasetFormat.Of(source.Location) } : source;
        DatasetOptionsReader.Check(dataset, source.Options, source.Format);
        return source;
    }

    private static StudyDataset? Source(RequestObject dataset, Catalog catalog)
    {
        if (dataset.Has("name") && dataset.Has("path"))
        {
            dataset.Findings.Error(dataset.Pointer("path"), ErrorCode.NotAccepted, "A dataset has a name or a path, not both.");
        }

        if (dataset.Has("name"))
        {
            return Named(dataset, "name", catalog);
        }

        if (!dataset.Has("path") && !dataset.Has("uri"))
        {
            dataset.Findings.Missing(dataset.Pointer("name"), "A dataset object needs a name or a path.");
        }

        ImmutableArray<string?> known = [.. catalog.Datasets.Select(d => d.Location)];
        return RequestLocation.Read(dataset, "path", catalog, known) is { } path ? new() { Location = path } : null;
    }
}
