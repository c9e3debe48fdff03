using System.Globalization;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>Generated numbers carry 12 significant decimal digits: short to read, and equal on machines whose exp differs in the last bit.</summary>
internal static class TwelveDigits
{
    /// <summary>The nearest number of 12 significant digits.</summary>
    public static double Round(double value) => Parse(value.ToString("E11", CultureInfo.InvariantCulture));

    /// <summary>The nearest number of 12 significant digits, not outside a range.</summary>
    public static double Round(double value, double min, double max) => Math.Clamp(Round(value), min, max);

    /// <summary>The distance of neighbouring numbers of 12 significant digits in the decade of a positive number.</summary>
    public static double Spacing(double magnitude)
    {
        string text = magnitude.ToString("E11", CultureInfo.InvariantCulture);
        int exponent = int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Parse(string.Create(CultureInfo.InvariantCulture, $"1E{exponent - 11}"));
    }

    private static double Parse(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
