namespace HyperSearch.Core.Samplers;

/// <summary>The standard normal distribution, which the framework lacks.</summary>
internal static class NormalDistribution
{
    /// <summary>The logarithm of the density's factor 1/sqrt(2 pi).</summary>
    public static readonly double LogFactor = -0.5 * Math.Log(2 * Math.PI);

    /// <summary>The probability above a number, exact to 15 digits also far out.</summary>
    public static double UpperTail(double x) => 0.5 * Erfc(x / Math.Sqrt(2));

    /// <summary>The probability between two numbers, without cancellation in either tail.</summary>
    /// <param name="low">The lower one.</param>
    /// <param name="high">The upper one.</param>
    public static double Between(double low, double high) =>
        low >= 0 ? UpperTail(low) - UpperTail(high)
        : high <= 0 ? UpperTail(-high) - UpperTail(-low)
        : 1 - UpperTail(-low) - UpperTail(high);

    /// <summary>
    /// The number with a given probability below it: approximation 26.2.23 of Abramowitz and Stegun (1964), off by 4.5e-4,
    /// and two steps of Halley's method, each of which cubes the error.
    /// </summary>
    /// <param name="probability">0..1; the ends give infinities.</param>
    public static double Quantile(double probability)
    {
        double tail = Math.Min(probability, 1 - probability);
        if (tail <= 0)
        {
            return probability > 0.5 ? double.PositiveInfinity : double.NegativeInfinity;
        }

        double t = Math.Sqrt(-2 * Math.Log(tail));
        double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        for (int step = 0; step < 2; step++)
        {
            double error = (UpperTail(x) - tail) / Math.Exp(LogFactor - 0.5 * x * x);
            x += error / (1 - 0.5 * error * x);
        }

        return probability < 0.5 ? -x : x;
    }

    // W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969).
    private static double Erfc(double x)
    {
        double y = Math.Abs(x);
        if (y <= 0.46875)
        {
            double z = y * y;
            double top = (((0.185777706184603153 * z + 3.16112374387056560) * z + 113.864154151050156) * z + 377.485237685302021) * z + 3209.37758913846947;
            double bottom = (((z + 23.6012909523441209) * z + 244.024637934444173) * z + 1282.61652607737228) * z + 2844.23683343917062;
            return 1 - x * top / bottom;
        }

        // exp(-y^2) in two factors, the first of a number whose square is exact.
        double rounded = Math.Floor(y * 16) / 16;
        double tail = Math.Exp(-rounded * rounded) * Math.Exp(-(y - rounded) * (y + rounded)) * (y <= 4 ? Middle(y) : Far(y));
        return x > 0 ? tail : 2 - tail;
    }

    private static double Middle(double y)
    {
        double top = (((((((2.15311535474403846e-8 * y + 0.564188496988670089) * y + 8.88314979438837594) * y + 66.1191906371416295) * y
            + 298.635138197400131) * y + 881.952221241769090) * y + 1712.04761263407058) * y + 2051.07837782607147) * y + 1230.33935479799725;
        double bottom = (((((((y + 15.7449261107098347) * y + 117.693950891312499) * y + 537.181101862009858) * y
            + 1621.38957456669019) * y + 3290.79923573345963) * y + 4362.61909014324716) * y + 3439.36767414372164) * y + 1230.33935480374942;
        return top / bottom;
    }

    private static double Far(double y)
    {
        double z = 1 / (y * y);
        double top = ((((0.0163153871373020978 * z + 0.305326634961232344) * z + 0.360344899949804439) * z + 0.125781726111229246) * z
            + 0.0160837851487422766) * z + 6.58749161529837803e-4;
        double bottom = ((((z + 2.56852019228982242) * z + 1.87295284992346725) * z + 0.527905102951428412) * z
            + 0.0605183413124413191) * z + 0.00233520497626869185;
        return (1 / Math.Sqrt(Math.PI) - z * top / bottom) / y;
    }
}
