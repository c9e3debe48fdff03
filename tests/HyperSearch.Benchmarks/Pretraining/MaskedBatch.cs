using HyperSearch.Training;
using TorchSharp;

namespace HyperSearch.Benchmarks.Pretraining;

/// <summary>Texts of which some tokens are to be guessed (Devlin et al., 2019, section 3.1).</summary>
/// <param name="Inputs">int64 [n, 2, length]: token ids, some of them changed, and token types.</param>
/// <param name="Positions">int64 [guesses]: which of the n * length tokens are asked for.</param>
/// <param name="Targets">int64 [guesses]: what they were.</param>
internal sealed record MaskedBatch(torch.Tensor Inputs, torch.Tensor Positions, torch.Tensor Targets)
{
    private const int AskedPercent = 15;
    private const int MaskedPercent = 80;
    private const int ReplacedPercent = 10;

    /// <summary>Asks for 15 % of the tokens that are not special: 80 % of them masked, 10 % replaced by any piece, 10 % left as they are.</summary>
    /// <param name="texts">Token ids of texts of one length; special tokens have the lowest ids.</param>
    /// <param name="special">Ids below this are special.</param>
    /// <param name="mask">Id of the mask token.</param>
    /// <param name="vocabulary">Number of pieces.</param>
    /// <param name="generator">Decides which.</param>
    public static MaskedBatch Make(IReadOnlyList<int[]> texts, int special, int mask, int vocabulary, ref SeededGenerator generator)
    {
        int length = texts[0].Length;
        long[] ids = [.. texts.SelectMany(t => t).Select(id => (long)id)];
        List<long> positions = [], targets = [];
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] < special || generator.Next(100) >= AskedPercent)
            {
                continue;
            }

            positions.Add(i);
            targets.Add(ids[i]);
            int draw = generator.Next(100);
            ids[i] = draw < MaskedPercent ? mask : draw < MaskedPercent + ReplacedPercent ? special + generator.Next(vocabulary - special) : ids[i];
        }

        torch.Tensor tokens = torch.tensor(ids).view(texts.Count, length);
        return new(torch.stack([tokens, torch.zeros_like(tokens)], 1), torch.tensor(positions.ToArray()), torch.tensor(targets.ToArray()));
    }
}
