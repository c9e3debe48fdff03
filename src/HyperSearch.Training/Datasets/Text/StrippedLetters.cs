using System.Collections.Frozen;
using System.Text;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>
/// Takes accents off: what canonical decomposition (Unicode NFD) leaves of a letter when its non-spacing marks are
/// dropped. <see cref="string.Normalize()"/> changes nothing under InvariantGlobalization, so the table is our own.
/// </summary>
internal static class StrippedLetters
{
    /// <summary>Most characters that a letter leaves.</summary>
    public const int MaxLength = 4;

    // Hangul syllables are decomposed by arithmetic (The Unicode Standard, section 3.12).
    private const int FirstSyllable = 0xAC00, Syllables = 11172, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeFirstTail = 0x11A7;
    private const int Vowels = 21, Tails = 28;

    private static readonly FrozenDictionary<int, string> Table = Read();

    /// <summary>What is left of a letter; the letter itself if it carries nothing.</summary>
    /// <param name="letter">The letter, not a non-spacing mark.</param>
    /// <param name="left">Where to write, at least <see cref="MaxLength"/> characters.</param>
    /// <returns>The characters written.</returns>
    public static int Strip(Rune letter, Span<char> left)
    {
        int syllable = letter.Value - FirstSyllable;
        if (syllable is >= 0 and < Syllables)
        {
            left[0] = (char)(FirstLead + syllable / (Vowels * Tails));
            left[1] = (char)(FirstVowel + syllable / Tails % Vowels);
            left[2] = (char)(BeforeFirstTail + syllable % Tails);
            return syllable % Tails == 0 ? 2 : 3;
        }

        if (letter.IsAscii || !Table.TryGetValue(letter.Value, out string? found))
        {
            return letter.EncodeToUtf16(left);
        }

        found.CopyTo(left);
        return found.Length;
    }

    private static FrozenDictionary<int, string> Read()
    {
        using Stream stream = typeof(StrippedLetters).Assembly.GetManifestResourceStream("StrippedLetters.txt")
            ?? throw new InvalidOperationException("The table of letters is not in the assembly.");
        using StreamReader reader = new(stream);
        Dictionary<int, string> table = [];
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t');
            foreach (Rune letter in parts[1].EnumerateRunes())
            {
                table.Add(letter.Value, parts[0]);
            }
        }

        return table.ToFrozenDictionary();
    }
}
