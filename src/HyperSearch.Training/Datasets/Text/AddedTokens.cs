using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>
/// The tokens that a model folder adds to its vocabulary: <c>added_tokens</c> of <c>tokenizer.json</c>,
/// <c>added_tokens_decoder</c> and <c>additional_special_tokens</c> of <c>tokenizer_config.json</c>, and <c>added_tokens.json</c>.
/// Where two describe one token, the first of them counts.
/// </summary>
internal sealed class AddedTokens
{
    public const string FileName = "added_tokens.json";

    private readonly Dictionary<string, int> _ids;
    private readonly List<string> _pieces;
    private readonly ImmutableArray<string> _special;
    private readonly BertWords _words;
    private readonly Dictionary<(string, bool), AddedToken> _found = [];

    private AddedTokens(TokenizerFiles files)
    {
        _pieces = [.. files.Vocabulary];
        _ids = files.Vocabulary.Select((piece, id) => (piece, id)).Where(p => p.piece.Length > 0).ToDictionary(p => p.piece, p => p.id, StringComparer.Ordinal);
        _special = files.Special;
        _words = new(files.LowerCase, files.StripAccents, files.SplitChinese);
    }

    /// <summary>Adds a folder's tokens to its tokenizer.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="files">The tokenizer without them.</param>
    /// <exception cref="TrainingException">One has no usable id or is of a kind that is not read; names file and token.</exception>
    public static TokenizerFiles Read(string folder, TokenizerFiles files)
    {
        AddedTokens tokens = new(files);
        string whole = Path.Combine(folder, TokenizerFiles.WholeFile), settings = Path.Combine(folder, TokenizerFiles.SettingsFile), own = Path.Combine(folder, FileName);
        JsonElement config = TokenizerFiles.ReadJson(settings), list = TokenizerFiles.Member(TokenizerFiles.ReadJson(whole), "added_tokens");
        foreach (JsonElement token in Items(list))
        {
            tokens.Add(whole, token, Content(whole, token), TokenizerFiles.Member(token, "id"));
        }

        foreach (JsonProperty token in Properties(TokenizerFiles.Member(config, "added_tokens_decoder")))
        {
            // A property's name is a text; as JSON it is the number.
            tokens.Add(settings, token.Value, Content(settings, token.Value), JsonSerializer.SerializeToElement(
                int.TryParse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : -1));
        }

        foreach (JsonElement token in Items(TokenizerFiles.Member(config, "additional_special_tokens")))
        {
            tokens.AddSpecial(settings, own, token.ValueKind == JsonValueKind.String ? token.GetString()! : Content(settings, token));
        }

        foreach (JsonProperty token in Properties(TokenizerFiles.ReadJson(own)))
        {
            tokens.Add(own, default, token.Name, token.Value);
        }

        return files with { Vocabulary = [.. tokens._pieces], Added = [.. tokens._found.Values.OrderBy(t => t.Id)] };
    }

    private void AddSpecial(string path, string own, string content)
    {
        JsonElement id = TokenizerFiles.Member(TokenizerFiles.ReadJson(own), content);
        Add(path, JsonSerializer.SerializeToElement(new { special = true }), content,
            _ids.TryGetValue(content, out int known) ? JsonSerializer.SerializeToElement(known) : id);
    }

    private void Add(string path, JsonElement description, string content, JsonElement number)
    {
        int id = TokenizerFiles.Id(path, content, number);
        bool isPiece = _ids.TryGetValue(content, out int known);
        if (isPiece && known != id)
        {
            throw TokenizerFiles.Fail(path, $"token '{content}' has the id {id} here and {known} elsewhere in the tokenizer");
        }

        if (!isPiece)
        {
            Place(path, content, id);
        }

        // A special token is found whole in any case; of two descriptions of one token the first counts.
        if (_special.Contains(content) || _found.Values.Any(t => t.Id == id))
        {
            return;
        }

        bool normalized = TokenizerFiles.Flag(description, "normalized") ?? !(TokenizerFiles.Flag(description, "special") ?? false);
        string spelt = normalized ? _words.Normalize(content) : content;
        if (spelt.Length == 0 || spelt.Any(char.IsWhiteSpace))
        {
            throw TokenizerFiles.Fail(path, $"added token '{content}' is empty, or has blanks or Chinese characters, which added tokens of this version cannot have; take it out of the tokenizer or give it another name");
        }

        AddedToken token = new(spelt, id, normalized, TokenizerFiles.Flag(description, "single_word") ?? false, isPiece);
        if (!_found.TryAdd((spelt, normalized), token))
        {
            throw TokenizerFiles.Fail(path, $"added tokens {_found[(spelt, normalized)].Id} and {id} are both spelt '{spelt}' once texts are normalised");
        }
    }

    private void Place(string path, string content, int id)
    {
        while (_pieces.Count <= id)
        {
            _pieces.Add("");
        }

        _pieces[id] = _pieces[id].Length == 0 ? content : throw TokenizerFiles.Fail(path, $"pieces '{_pieces[id]}' and '{content}' share the id {id}");
        _ids[content] = id;
    }

    private static string Content(string path, JsonElement token) =>
        TokenizerFiles.Text(token, "content") ?? throw TokenizerFiles.Fail(path, "an added token has no content");

    private static JsonElement.ArrayEnumerator Items(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : default;

    private static JsonElement.ObjectEnumerator Properties(JsonElement json) => json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default;
}
