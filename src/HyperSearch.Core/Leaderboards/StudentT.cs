namespace HyperSearch.Core.Leaderboards;

/// <summary>Student's t distribution.</summary>
public static class StudentT
{
    // Halvings of an interval below pi / 2 until neighbouring doubles are left.
    private const int Halvings = 60;

    /// <summary>The t that a variable of this distribution stays within, between -t and t, with the given probability.</summary>
    /// <param name="degreesOfFreedom">At least 1; the time grows with it.</param>
    /// <param name="confidence">The probability, above 0 and below 1; default 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">No degree of freedom, or no probability.</exception>
    public static double Critical(int degreesOfFreedom, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A probability is between 0 and 1.");
        }

        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Within(middle, degreesOfFreedom) < confidence ? (middle, high) : (low, middle);
        }

        return Math.Sqrt(degreesOfFreedom) * Math.Tan((low + high) / 2);
    }

    /// <summary>
    /// The probability of |t| at most sqrt(v) tan(angle): a finite series in the cosine for whole v
    /// (Abramowitz and Stegun, 26.7.3 for odd and 26.7.4 for even v).
    /// </summary>
    private static double Within(double angle, int v)
    {
        double cosine = Math.Cos(angle);
        bool odd = v % 2 == 1;
        double term = odd ? cosine : 1;
        double sum = v == 1 ? 0 : term;
        for (int power = odd ? 3 : 2; power <= v - 2; power += 2)
        {
            term *= cosine * cosine * (power - 1) / power;
            sum += term;
        }

        return odd ? 2 / Math.PI * (angle + (Math.Sin(angle) * sum)) : Math.Sin(angle) * sum;
    }
}
