namespace HyperSearch.Benchmarks.Pretraining;

/// <summary>
/// Makes a WordPiece vocabulary from texts by merging, again and again, the most frequent pair of neighbouring pieces
/// (byte-pair encoding: Sennrich, Haddow and Birch, 2016, algorithm 1) inside words. Of equally frequent pairs the one
/// whose parts came first goes first, so that the same texts give the same vocabulary.
/// </summary>
internal sealed class VocabularyTrainer
{
    private const int MostLetters = 300;
    private const int MostCharactersPerWord = 24;
    private const int LeastCount = 3;
    private const string Inside = "##";

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly List<string> _pieces = [.. Special];
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<(List<int> Pieces, int Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), (long Count, HashSet<int> Words)> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), (long Count, int Left, int Right)> _next = new();

    /// <summary>The pieces in the order of their ids: special tokens, letters by frequency, then the merged pieces.</summary>
    /// <param name="texts">Texts whose words are separated by spaces, as BERT's basic tokenization leaves them.</param>
    /// <param name="size">Most pieces.</param>
    public static IReadOnlyList<string> Train(IEnumerable<string> texts, int size)
    {
        VocabularyTrainer trainer = new();
        trainer.Count(texts);
        while (trainer._pieces.Count < size && trainer.Merge())
        {
        }

        return trainer._pieces;
    }

    private void Count(IEnumerable<string> texts)
    {
        Dictionary<string, int> counts = [];
        foreach (string word in texts.SelectMany(t => t.Split(' ')).Where(w => w.Length is > 0 and <= MostCharactersPerWord && !w.Any(char.IsSurrogate)))
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        KeyValuePair<string, int>[] words = [.. counts.OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal)];
        HashSet<char> letters = [.. words.SelectMany(w => w.Key.Select(c => (Letter: c, w.Value))).GroupBy(c => c.Letter)
            .OrderByDescending(g => g.Sum(c => (long)c.Value)).ThenBy(g => g.Key).Take(MostLetters).Select(g => g.Key)];
        foreach ((string word, int count) in words.Where(w => w.Key.All(letters.Contains)))
        {
            List<int> pieces = [.. word.Select((c, i) => Id(i == 0 ? c.ToString() : Inside + c))];
            _words.Add((pieces, count));
            Note(_words.Count - 1, 1);
        }

        foreach ((int Left, int Right) pair in _pairs.Keys)
        {
            Enqueue(pair);
        }
    }

    /// <summary>Merges the most frequent pair; false if none is frequent enough.</summary>
    private bool Merge()
    {
        while (_next.TryDequeue(out (int Left, int Right) pair, out (long Count, int, int) priority))
        {
            (long count, HashSet<int> words) = _pairs[pair];
            if (count != -priority.Count)
            {
                continue; // Counted anew since, and queued again then.
            }

            if (count < LeastCount)
            {
                return false;
            }

            int merged = Id(_pieces[pair.Left] + _pieces[pair.Right][Inside.Length..]);
            HashSet<(int, int)> changed = [];
            foreach (int word in words.ToArray())
            {
                changed.UnionWith(Note(word, -1));
                Replace(_words[word].Pieces, pair, merged);
                changed.UnionWith(Note(word, 1));
            }

            foreach ((int, int) other in changed)
            {
                Enqueue(other);
            }

            return true;
        }

        return false;
    }

    /// <summary>Adds a word's pairs to the counts, or takes them away.</summary>
    private (int, int)[] Note(int word, int sign)
    {
        (List<int> pieces, int count) = _words[word];
        (int, int)[] pairs = [.. pieces.Zip(pieces.Skip(1))];
        foreach ((int, int) pair in pairs)
        {
            (long old, HashSet<int> words) = _pairs.TryGetValue(pair, out var found) ? found : (0, []);
            _ = sign > 0 ? words.Add(word) : words.Remove(word);
            _pairs[pair] = (old + sign * count, words);
        }

        return pairs;
    }

    private static void Replace(List<int> pieces, (int Left, int Right) pair, int merged)
    {
        for (int i = 0; i + 1 < pieces.Count; i++)
        {
            if (pieces[i] == pair.Left && pieces[i + 1] == pair.Right)
            {
                pieces[i] = merged;
                pieces.RemoveAt(i + 1);
            }
        }
    }

    private void Enqueue((int Left, int Right) pair)
    {
        if (_pairs[pair].Count > 0)
        {
            _next.Enqueue(pair, (-_pairs[pair].Count, pair.Left, pair.Right));
        }
    }

    private int Id(string piece)
    {
        if (!_ids.TryGetValue(piece, out int id))
        {
            id = _pieces.Count;
            _ids.Add(piece, id);
            _pieces.Add(piece);
        }

        return id;
    }
}
