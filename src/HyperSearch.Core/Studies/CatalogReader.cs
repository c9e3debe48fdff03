using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the configuration file of the catalogue.</summary>
internal static partial class CatalogReader
{
    /// <summary>Blocks that a model may have at most.</summary>
    public const int MostBlocks = 256;

    private const string Samples = "samples:";
    private const int LongestPath = 4_096;

    public static Catalog? Read(JsonElement json, Findings findings)
    {
        if (RequestObject.Read(json, "", findings, ["models", "datasets", "roots"]) is not { } file)
        {
            return null;
        }

        Catalog builtIn = Catalog.BuiltIn;
        ImmutableArray<CatalogModel> models = Entries(file, "models", ReadModel, m => m.Name);
        ImmutableArray<CatalogDataset> datasets = Entries(file, "datasets", ReadDataset, d => d.Name);
        return new Catalog
        {
            Models = [.. builtIn.Models.Where(b => models.All(m => m.Name != b.Name)), .. models],
            Datasets = [.. builtIn.Datasets.Where(b => datasets.All(d => d.Name != b.Name)), .. datasets],
            Roots = [.. Items(file, "roots").Select((e, i) => ReadRoot(e, JsonPointer.Element("/roots", i), findings)).OfType<string>()],
        };
    }

    private static ImmutableArray<T> Entries<T>(RequestObject file, string list, Func<JsonElement, string, Findings, T?> read, Func<T, string> nameOf)
        where T : class
    {
        ImmutableArray<T>.Builder entries = ImmutableArray.CreateBuilder<T>();
        int index = 0;
        foreach (JsonElement item in Items(file, list))
        {
            string pointer = JsonPointer.Element(file.Pointer(list), index++);
            if (read(item, pointer, file.Findings) is not { } entry)
            {
                continue;
            }

            if (entries.Any(e => nameOf(e) == nameOf(entry)))
            {
                file.Findings.Error(JsonPointer.Member(pointer, "name"), ErrorCode.DuplicateValues, $"The name {Findings.Quote(nameOf(entry))} is there already.");
            }

            entries.Add(entry);
        }

        return entries.ToImmutable();
    }

    private static List<JsonElement> Items(RequestObject file, string list)
    {
        if (file.Get(list) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return [.. value.EnumerateArray()];
        }

        file.Findings.WrongType(file.Pointer(list), "an array", value);
        return [];
    }

    private static CatalogModel? ReadModel(JsonElement item, string pointer, Findings findings)
    {
        if (RequestObject.Read(item, pointer, findings, ["name", "family", "blocks", "location"]) is not { } entry)
        {
            return null;
        }

        string? name = Name(entry);
        string? location = Location(entry, required: false);
        int? blocks = entry.Int("blocks", 1, MostBlocks);
        ModelFamily? family = Family(entry);
        if (name == ModelFamilyCatalog.Synthetic.Name)
        {
            findings.Error(entry.Pointer("name"), ErrorCode.NotAccepted, "The name synthetic is taken.");
        }

        return name is null || family is null ? null : new(name, family with { Blocks = blocks ?? family.Blocks }, location);
    }

    private static ModelFamily? Family(RequestObject entry)
    {
        ImmutableArray<string> names = [.. ModelFamilyCatalog.All.Where(f => f.NeedsDataset).Select(f => f.Name)];
        if (!entry.Has("family"))
        {
            entry.Findings.Missing(entry.Pointer("family"), $"A model needs its family: one of {string.Join(", ", names)}.");
        }

        return entry.OneOf("family", names) is { } name ? ModelFamilyCatalog.Find(name) : null;
    }

    private static CatalogDataset? ReadDataset(JsonElement item, string pointer, Findings findings)
    {
        if (RequestObject.Read(item, pointer, findings, ["name", "location", "format", "classes", .. DatasetOptionsReader.Fields]) is not { } entry)
        {
            return null;
        }

        string? name = Name(entry);
        string? location = Location(entry, required: true);
        string? format = entry.Has("format") ? DatasetReader.ReadFormat(entry) : DatasetFormat.Of(location ?? "");
        int? classes = entry.Int("classes", 2, 1_000_000);
        DatasetOptions options = DatasetOptionsReader.Read(entry);
        if (name is null || location is null || format is null)
        {
            return null;
        }

        DatasetOptionsReader.Check(entry, options, format);
        return new(name, location, format, classes) { Options = options };
    }

    private static string? Name(RequestObject entry)
    {
        if (!entry.Has("name"))
        {
            entry.Findings.Missing(entry.Pointer("name"), "An entry needs a name.");
        }

        if (entry.Text("name", LongestPath) is not { } name)
        {
            return null;
        }

        if (NamePattern().IsMatch(name))
        {
            return name;
        }

        entry.Findings.Error(entry.Pointer("name"), ErrorCode.NotAccepted, "A name has 1 to 100 letters, digits and . _ - and begins with a letter or digit.");
        return null;
    }

    private static string? Location(RequestObject entry, bool required)
    {
        if (required && !entry.Has("location"))
        {
            entry.Findings.Missing(entry.Pointer("location"), "A dataset needs its location.");
        }

        if (entry.Text("location", LongestPath) is not { } text)
        {
            return null;
        }

        string? location = text.StartsWith(Samples, StringComparison.Ordinal) && NamePattern().IsMatch(text[Samples.Length..]) ? text : AbsolutePath.Normalize(text);
        if (location is null)
        {
            entry.Findings.Error(entry.Pointer("location"), ErrorCode.NotAccepted, $"{Findings.Quote(text)} is neither an absolute path nor samples:NAME.");
        }

        return location;
    }

    private static string? ReadRoot(JsonElement item, string pointer, Findings findings)
    {
        if (item.ValueKind != JsonValueKind.String)
        {
            findings.WrongType(pointer, "a path", item);
            return null;
        }

        string? root = AbsolutePath.Normalize(item.GetString()!);
        if (root is null)
        {
            findings.Error(pointer, ErrorCode.NotAccepted, $"{Findings.Quote(item.GetString()!)} is not an absolute path.");
        }

        return root;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z")]
    private static partial Regex NamePattern();
}
