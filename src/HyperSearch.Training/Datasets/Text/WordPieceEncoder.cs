using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>
/// Texts to the token ids of BERT: basic tokenization, then the longest piece that fits, again and again (WordPiece;
/// Wu et al., 2016, section 4.1). Ids equal those of Hugging Face's fast tokenizer of the same folder. One encoder may be
/// used by several threads.
/// </summary>
internal sealed class WordPieceEncoder
{
    private const int MaxCharactersPerWord = 100;

    private readonly TokenizerFiles _files;
    private readonly BertWords _words;
    private readonly WordPieceTokenizer _pieces;
    private readonly WholeTokens _asWritten;
    private readonly WholeTokens? _normalized;
    private readonly long _classification;
    private readonly long _separator;

    private WordPieceEncoder(TokenizerFiles files)
    {
        _files = files;
        _words = new(files.LowerCase, files.StripAccents, files.SplitChinese);
        using MemoryStream vocabulary = new(Encoding.UTF8.GetBytes(string.Join('\n', Pieces(files))));
        _pieces = WordPieceTokenizer.Create(vocabulary, new WordPieceOptions
        {
            UnknownToken = files.Unknown,
            MaxInputCharsPerWord = MaxCharactersPerWord,
            PreTokenizer = PreTokenizer.CreateWhiteSpace(),
        });
        _asWritten = new([
            .. files.Special.Where(files.Vocabulary.Contains).Select(t => new AddedToken(t, Id(t), Normalized: false, SingleWord: false, IsPiece: true)),
            .. files.Added.Where(t => !t.Normalized)]);
        _normalized = files.Added.Any(t => t.Normalized) ? new(files.Added.Where(t => t.Normalized)) : null;
        (_classification, _separator) = (Id(files.Classification), Id(files.Separator));
        PaddingId = Id(files.Padding);
    }

    /// <summary>The id that fills a text up to the length; the model attends to no such token.</summary>
    public long PaddingId { get; }

    /// <summary>The pieces in the order of their ids.</summary>
    public IReadOnlyList<string> Vocabulary => _files.Vocabulary;

    /// <summary>sha256 over vocabulary and settings, in lower-case hexadecimal: equal hashes, equal ids.</summary>
    public string Hash
    {
        get
        {
            string settings = JsonSerializer.Serialize(_files);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings)));
        }
    }

    /// <summary>Reads the tokenizer of a model folder.</summary>
    /// <param name="modelFolder">The folder, laid out as on the Hugging Face hub.</param>
    /// <exception cref="TrainingException">A file is missing or damaged, or the vocabulary is larger than config.json says; names the file.</exception>
    public static WordPieceEncoder Read(string modelFolder) => new(TokenizerFiles.Read(modelFolder));

    /// <summary>
    /// Writes [CLS] text [SEP], or [CLS] text [SEP] pair [SEP], padded to a length. What does not fit is cut off the end
    /// of the longer text first. Special tokens that a text spells out, such as "[SEP]", are those tokens.
    /// </summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="pair">A second text, or null.</param>
    /// <param name="maxLength">Tokens to write, at least 3, or 5 with a pair.</param>
    /// <param name="ids">Receives <paramref name="maxLength"/> token ids.</param>
    /// <param name="types">Receives <paramref name="maxLength"/> token types: 1 for the pair and its separator, else 0.</param>
    /// <returns>The tokens before the padding.</returns>
    public int Encode(string text, string? pair, int maxLength, Span<long> ids, Span<long> types)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, pair is null ? 3 : 5);
        List<int> first = Pieces(text), second = pair is null ? [] : Pieces(pair);
        (int firstLength, int secondLength) = Truncate(first.Count, second.Count, maxLength - (pair is null ? 2 : 3));

        ids[..maxLength].Fill(PaddingId);
        types[..maxLength].Clear();
        ids[0] = _classification;
        int end = Write(first, firstLength, ids, 1);
        if (pair is not null)
        {
            int start = end;
            end = Write(second, secondLength, ids, end);
            types[start..end].Fill(1);
        }

        return end;
    }

    /// <summary>The id of a token of the vocabulary.</summary>
    public int Id(string token) => _files.Vocabulary.IndexOf(token);

    /// <summary>The ids of a text without special tokens around it, not cut.</summary>
    public List<int> Pieces(string text)
    {
        List<int> ids = [];
        _asWritten.Split(text, ids, part =>
        {
            if (_normalized is null)
            {
                AddWords(part, ids);
            }
            else
            {
                _normalized.Split(_words.Normalize(part), ids, rest => AddWords(rest, ids));
            }
        });
        return ids;
    }

    // What words may be spelt with; an added token that is no piece keeps its place, but not its name.
    private static IEnumerable<string> Pieces(TokenizerFiles files)
    {
        HashSet<int> whole = [.. files.Added.Where(t => !t.IsPiece).Select(t => t.Id)];
        return files.Vocabulary.Select((piece, id) => whole.Contains(id) ? "" : piece);
    }

    private void AddWords(string text, List<int> ids) => ids.AddRange(_pieces.EncodeToIds(_words.Split(text), considerNormalization: false));

    private int Write(List<int> pieces, int length, Span<long> ids, int at)
    {
        for (int i = 0; i < length; i++)
        {
            ids[at++] = pieces[i];
        }

        ids[at++] = _separator;
        return at;
    }

    // Of two texts that are both too long, each keeps half, and the longer one (the second of two equal ones) the odd token.
    private static (int First, int Second) Truncate(int first, int second, int room)
    {
        if (first + second <= room)
        {
            return (first, second);
        }

        int shorter = Math.Min(Math.Min(first, second), room / 2), longer = room - shorter;
        return first > second ? (longer, shorter) : (shorter, longer);
    }
}
