using System.Collections.Immutable;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// The Sobol sequence in the order of the Gray code (Antonov and Saleev, 1979) with the direction numbers of Joe and Kuo,
/// "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008), file
/// new-joe-kuo-6; and Owen's nested uniform scrambling ("Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995), which
/// keeps every elementary interval as full as it was.
/// </summary>
internal static class SobolSequence
{
    /// <summary>Dimensions: as many as there are hyperparameters.</summary>
    public const int Dimensions = 13;

    private const int Bits = 32;

    // Degree s and coefficients a of the primitive polynomial, and the first s direction numbers m. The first dimension is
    // van der Corput's.
    private static readonly ImmutableArray<(int Degree, uint Coefficients, uint[] Numbers)> Polynomials =
    [
        (1, 0, [1]),
        (2, 1, [1, 3]),
        (3, 1, [1, 3, 1]),
        (3, 2, [1, 1, 1]),
        (4, 1, [1, 1, 3, 3]),
        (4, 4, [1, 3, 5, 13]),
        (5, 2, [1, 1, 5, 5, 17]),
        (5, 4, [1, 1, 5, 5, 5]),
        (5, 7, [1, 1, 7, 11, 19]),
        (5, 11, [1, 1, 5, 1, 1]),
        (5, 13, [1, 1, 1, 3, 11]),
        (5, 14, [1, 3, 5, 5, 31]),
    ];

    private static readonly uint[][] Directions =
        [[.. Enumerable.Range(0, Bits).Select(i => 1U << (Bits - 1 - i))], .. Polynomials.Select(p => Direct(p.Degree, p.Coefficients, p.Numbers))];

    /// <summary>One coordinate as a share of 2^32.</summary>
    /// <param name="index">The point's index, from 0.</param>
    /// <param name="dimension">From 0; below <see cref="Dimensions"/>.</param>
    public static uint At(uint index, int dimension)
    {
        uint[] directions = Directions[dimension];
        uint x = 0;
        for (uint gray = index ^ (index >> 1); gray != 0; gray &= gray - 1)
        {
            x ^= directions[uint.TrailingZeroCount(gray)];
        }

        return x;
    }

    /// <summary>
    /// The scrambled coordinate as a share of 2^64. A bit is flipped or not by a hash of the bits above it; the bits below the
    /// 32nd, which are zero before, come from a hash of all of them.
    /// </summary>
    /// <param name="x">A coordinate as a share of 2^32.</param>
    /// <param name="key">Chooses the scrambling of the dimension.</param>
    public static ulong Scramble(uint x, ulong key)
    {
        ulong scrambled = (uint)StableMix.Fold(key, (1UL << Bits) | x);
        for (int bit = 0; bit < Bits; bit++)
        {
            // A one before the prefix tells 0 from 00.
            ulong prefix = ((1UL << Bits) | x) >> (Bits - bit);
            ulong flip = StableMix.Fold(key, prefix) >> 63;
            scrambled |= (((x >> (Bits - 1 - bit)) & 1) ^ flip) << (63 - bit);
        }

        return scrambled;
    }

    private static uint[] Direct(int degree, uint coefficients, uint[] numbers)
    {
        uint[] v = new uint[Bits];
        for (int i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                v[i] = numbers[i] << (Bits - 1 - i);
                continue;
            }

            v[i] = v[i - degree] ^ (v[i - degree] >> degree);
            for (int k = 1; k < degree; k++)
            {
                v[i] ^= ((coefficients >> (degree - 1 - k)) & 1) * v[i - k];
            }
        }

        return v;
    }
}
