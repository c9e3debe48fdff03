using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Trials;
using HyperSearch.Training.ModelFamilies;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>
/// The tokenizer of a model folder: <c>vocab.txt</c> or <c>tokenizer.json</c> for the vocabulary,
/// <c>tokenizer_config.json</c>, then <c>tokenizer.json</c>, then BERT's own defaults for everything else.
/// </summary>
internal sealed record TokenizerFiles
{
    public const string VocabularyFile = "vocab.txt";
    public const string SettingsFile = "tokenizer_config.json";
    public const string WholeFile = "tokenizer.json";

    private const long MaxBytes = 100_000_000;

    /// <summary>The pieces and added tokens in the order of their ids; empty where an id has none.</summary>
    public required ImmutableArray<string> Vocabulary { get; init; }

    /// <summary><c>do_lower_case</c>, default true.</summary>
    public required bool LowerCase { get; init; }

    /// <summary><c>strip_accents</c>, default as <see cref="LowerCase"/>.</summary>
    public required bool StripAccents { get; init; }

    /// <summary><c>tokenize_chinese_chars</c>, default true.</summary>
    public required bool SplitChinese { get; init; }

    /// <summary><c>unk_token</c>, for words that the pieces cannot spell.</summary>
    public required string Unknown { get; init; }

    /// <summary><c>cls_token</c>, before every text.</summary>
    public required string Classification { get; init; }

    /// <summary><c>sep_token</c>, after every text.</summary>
    public required string Separator { get; init; }

    /// <summary><c>pad_token</c>, behind the last separator.</summary>
    public required string Padding { get; init; }

    /// <summary><c>mask_token</c>.</summary>
    public required string Mask { get; init; }

    /// <summary>Tokens beside <see cref="Special"/> that are found as a whole, in the order of their ids.</summary>
    public ImmutableArray<AddedToken> Added { get; init; } = [];

    /// <summary>The tokens with a meaning of their own.</summary>
    public ImmutableArray<string> Special => [Unknown, Classification, Separator, Padding, Mask];

    /// <summary>Reads a folder's tokenizer.</summary>
    /// <exception cref="TrainingException">Missing, damaged or of another kind; names the file.</exception>
    public static TokenizerFiles Read(string folder)
    {
        string vocabulary = Path.Combine(folder, VocabularyFile), whole = Path.Combine(folder, WholeFile);
        JsonElement settings = ReadJson(Path.Combine(folder, SettingsFile)), all = ReadJson(whole);
        JsonElement normalizer = Member(all, "normalizer");
        if (normalizer.ValueKind == JsonValueKind.Object && Text(normalizer, "type") != "BertNormalizer")
        {
            throw Fail(whole, $"normalizer {Text(normalizer, "type")} is not read, only BertNormalizer");
        }

        bool lowerCase = Flag(settings, "do_lower_case") ?? Flag(normalizer, "lowercase") ?? true;
        TokenizerFiles files = new()
        {
            Vocabulary = File.Exists(vocabulary) ? ReadLines(vocabulary)
                : all.ValueKind == JsonValueKind.Object ? ReadWhole(whole, all)
                : throw Fail(folder, $"a text model needs {VocabularyFile} or {WholeFile}"),
            LowerCase = lowerCase,
            StripAccents = Flag(settings, "strip_accents") ?? Flag(normalizer, "strip_accents") ?? lowerCase,
            SplitChinese = Flag(settings, "tokenize_chinese_chars") ?? Flag(normalizer, "handle_chinese_chars") ?? true,
            Unknown = Token(settings, "unk_token") ?? Text(Member(all, "model"), "unk_token") ?? "[UNK]",
            Classification = Token(settings, "cls_token") ?? "[CLS]",
            Separator = Token(settings, "sep_token") ?? "[SEP]",
            Padding = Token(settings, "pad_token") ?? "[PAD]",
            Mask = Token(settings, "mask_token") ?? "[MASK]",
        };
        files = AddedTokens.Read(folder, files);
        string source = VocabularyOf(folder), config = Path.Combine(folder, ModelConfig.FileName);
        if (Member(ReadJson(config), "vocab_size") is { ValueKind: JsonValueKind.Number } size && size.GetDouble() < files.Vocabulary.Length)
        {
            throw Fail(config, $"vocab_size is {size}, but {source} has {files.Vocabulary.Length} pieces, added tokens included");
        }

        string? missing = files.Special.FirstOrDefault(t => t != files.Mask && !files.Vocabulary.Contains(t));
        return missing is null ? files : throw Fail(source, $"token '{missing}' is not in the vocabulary");
    }

    /// <summary>The file that a folder's vocabulary is read from.</summary>
    public static string VocabularyOf(string folder) =>
        Path.Combine(folder, VocabularyFile) is var lines && File.Exists(lines) ? lines : Path.Combine(folder, WholeFile);

    private static ImmutableArray<string> ReadLines(string path) => Unique(path, [.. Bounded(path, File.ReadLines)], "line", 1);

    private static ImmutableArray<string> ReadWhole(string path, JsonElement all)
    {
        JsonElement model = Member(all, "model");
        string type = Text(model, "type") ?? "WordPiece";
        JsonElement vocabulary = Member(model, "vocab");
        if (type != "WordPiece" || vocabulary.ValueKind != JsonValueKind.Object || (Text(model, "continuing_subword_prefix") ?? "##") != "##")
        {
            throw Fail(path, $"a tokenizer of type {type} is not read, only WordPiece with '##'");
        }

        List<(string Piece, int Id)> pieces = [.. vocabulary.EnumerateObject().Select(p => (p.Name, Id(path, p.Name, p.Value)))];
        string[] byId = new string[pieces.Count == 0 ? 0 : pieces.Max(p => p.Id) + 1];
        Array.Fill(byId, "");
        foreach ((string piece, int id) in pieces)
        {
            byId[id] = byId[id].Length == 0 ? piece : throw Fail(path, $"pieces '{byId[id]}' and '{piece}' share the id {id}");
        }

        return Unique(path, byId, "id", 0);
    }

    internal static int Id(string path, string piece, JsonElement id) =>
        id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number) && number is >= 0 and < 10_000_000
            ? number
            : throw Fail(path, $"piece '{piece}' has no usable id");

    private static ImmutableArray<string> Unique(string path, string[] pieces, string place, int first)
    {
        Dictionary<string, int> seen = [];
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Length > 0 && !seen.TryAdd(pieces[i], i))
            {
                throw Fail(path, $"{place} {i + first} repeats '{pieces[i]}' of {place} {seen[pieces[i]] + first}");
            }
        }

        return [.. pieces];
    }

    internal static JsonElement ReadJson(string path)
    {
        if (!File.Exists(path))
        {
            return default;
        }

        try
        {
            JsonElement json = Bounded(path, p => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(p)));
            return json.ValueKind == JsonValueKind.Object ? json : throw Fail(path, "this is not a JSON object");
        }
        catch (JsonException exception)
        {
            throw Fail(path, $"this is not valid JSON ({exception.Message})");
        }
    }

    private static T Bounded<T>(string path, Func<string, T> read)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes ? read(path) : throw Fail(path, "it is larger than 100 MB");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    internal static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;

    internal static bool? Flag(JsonElement json, string name) => Member(json, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    internal static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // Either the token itself or an object that describes it.
    private static string? Token(JsonElement json, string name) => Text(json, name) ?? Text(Member(json, name), "content");

    internal static TrainingException Fail(string path, string what) => new(FailureKind.DatasetError, $"{path}: {what}.");
}
