using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Sixty-four bits that stand for a configuration where repeats are looked for. Among 100,000 configurations two coincide
/// with a probability of 3e-10; one of them is then not proposed.
/// </summary>
internal static class Fingerprint
{
    /// <summary>The fingerprint of normalised parameters.</summary>
    public static ulong Of(ParameterSet parameters)
    {
        ulong hash = 0;
        foreach (Hyperparameter h in HyperparameterCatalog.All)
        {
            // NaN never is a value, so its bits can stand for "no meaning"; the sum makes -0 the 0 that it is equal to.
            hash = StableMix.Fold(hash, BitConverter.DoubleToUInt64Bits((parameters[h] + 0.0) ?? double.NaN));
        }

        return hash;
    }
}
