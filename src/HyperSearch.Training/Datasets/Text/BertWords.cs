using System.Globalization;
using System.Text;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>
/// BERT's basic tokenization (Devlin et al., 2019, released with the paper's code): cleans a text and puts single
/// spaces between its words, punctuation marks and, if asked, Chinese characters. The tokenizer package's own
/// normaliser is not used: it drops line breaks instead of splitting there, and relies on
/// <see cref="string.Normalize()"/>, which does nothing under InvariantGlobalization.
/// </summary>
/// <param name="lowerCase">Whether words are put in lower case.</param>
/// <param name="stripAccents">Whether letters lose their accents.</param>
/// <param name="splitChinese">Whether each Chinese character is a word.</param>
internal sealed class BertWords(bool lowerCase, bool stripAccents, bool splitChinese)
{
    // The blocks of CJK ideographs that BERT's code names; kana and Hangul are written with spaces or as runs.
    private static readonly (int First, int Last)[] Chinese =
    [
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF),
        (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0x2F800, 0x2FA1F),
    ];

    private const int ReplacementCharacter = 0xFFFD;

    /// <summary>The words of a text, with a space between each two.</summary>
    public string Split(ReadOnlySpan<char> text) => Write(text, splitPunctuation: true);

    /// <summary>The text as <see cref="Split"/> gives it, with punctuation still in its words.</summary>
    public string Normalize(ReadOnlySpan<char> text) => Write(text, splitPunctuation: false);

    private string Write(ReadOnlySpan<char> text, bool splitPunctuation)
    {
        StringBuilder words = new(text.Length + text.Length / 4);
        Span<char> left = stackalloc char[StrippedLetters.MaxLength];
        foreach (Rune rune in text.EnumerateRunes()) // Half a surrogate pair arrives as the replacement character.
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (IsSpace(rune, category))
            {
                Space(words);
            }
            else if (IsDropped(rune, category))
            {
                continue;
            }
            else if (splitChinese && IsChinese(rune.Value))
            {
                Space(words);
                Append(words, rune, left, splitPunctuation);
                Space(words);
            }
            else
            {
                Append(words, rune, left, splitPunctuation);
            }
        }

        return words.ToString();
    }

    private void Append(StringBuilder words, Rune rune, Span<char> left, bool splitPunctuation)
    {
        int length = stripAccents ? StrippedLetters.Strip(rune, left) : rune.EncodeToUtf16(left);
        Span<char> characters = stackalloc char[2];
        foreach (Rune bare in left[..length].EnumerateRunes())
        {
            if (splitPunctuation && IsPunctuation(bare))
            {
                Space(words);
                words.Append(bare.ToString()).Append(' ');
                continue;
            }

            Rune written = lowerCase ? Rune.ToLowerInvariant(bare) : bare;
            words.Append(characters[..written.EncodeToUtf16(characters)]);
        }
    }

    private bool IsDropped(Rune rune, UnicodeCategory category) => category switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.NonSpacingMark => stripAccents,
        _ => rune.Value == ReplacementCharacter,
    };

    private static bool IsSpace(Rune rune, UnicodeCategory category) => rune.Value is '\t' or '\n' or '\r'
        || category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // All of ASCII that is neither letter, digit, space nor control counts, "$" and "^" too.
    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        : Rune.IsPunctuation(rune);

    private static bool IsChinese(int point)
    {
        foreach ((int first, int last) in Chinese)
        {
            if (point >= first && point <= last)
            {
                return true;
            }
        }

        return false;
    }

    private static void Space(StringBuilder words)
    {
        if (words.Length > 0 && words[^1] != ' ')
        {
            words.Append(' ');
        }
    }
}
