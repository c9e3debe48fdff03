using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>Finds tokens as a whole in a text, from left to right; of several at one place the longest.</summary>
internal sealed class WholeTokens
{
    private readonly Dictionary<string, AddedToken> _tokens = new(StringComparer.Ordinal);
    private readonly Regex _pattern;

    public WholeTokens(IEnumerable<AddedToken> tokens)
    {
        foreach (AddedToken token in tokens)
        {
            _tokens.TryAdd(token.Content, token);
        }

        _pattern = new(string.Join('|', _tokens.Keys.OrderByDescending(t => t.Length).Select(Regex.Escape)), RegexOptions.CultureInvariant);
    }

    /// <summary>Adds the ids of the tokens and of what stands before, between and after them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <param name="rest">Adds the ids of a part without tokens.</param>
    public void Split(string text, List<int> ids, Action<string> rest)
    {
        int start = 0;
        if (_tokens.Count > 0)
        {
            foreach (ValueMatch match in _pattern.EnumerateMatches(text))
            {
                AddedToken token = _tokens[text.Substring(match.Index, match.Length)];
                int end = match.Index + match.Length;
                if (token.SingleWord && (EndsWithWord(text.AsSpan(0, match.Index)) || StartsWithWord(text.AsSpan(end))))
                {
                    continue;
                }

                rest(text[start..match.Index]);
                ids.Add(token.Id);
                start = end;
            }
        }

        rest(text[start..]);
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) => !text.IsEmpty && Rune.DecodeLastFromUtf16(text, out Rune last, out _) == 0 && IsWord(last);

    private static bool StartsWithWord(ReadOnlySpan<char> text) => !text.IsEmpty && Rune.DecodeFromUtf16(text, out Rune first, out _) == 0 && IsWord(first);

    // As \w of Unicode's regular expressions.
    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.ConnectorPunctuation;
}
