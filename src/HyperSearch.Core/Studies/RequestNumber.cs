using System.Globalization;
using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the numbers of a request.</summary>
internal static class RequestNumber
{
    /// <summary>A finite number, zero without a sign; else null and reported (a number that is not finite by the document check).</summary>
    public static double? Read(JsonElement element, string pointer, Findings findings)
    {
        if (element.ValueKind != JsonValueKind.Number)
        {
            findings.WrongType(pointer, "a number", element);
            return null;
        }

        double number = element.GetDouble();
        return double.IsFinite(number) ? number + 0.0 : null;
    }

    /// <summary>A finite whole number; else null and reported.</summary>
    public static double? ReadWhole(JsonElement element, string pointer, Findings findings)
    {
        if (element.ValueKind == JsonValueKind.Number && Read(element, pointer, findings) is var number)
        {
            if (number is not { } whole || whole == Math.Floor(whole))
            {
                return number;
            }
        }

        findings.WrongType(pointer, "a whole number", element);
        return null;
    }

    /// <summary>A number for people and machines alike: shortest form that reads back the same.</summary>
    public static string Show(double number) => number == Math.Floor(number) && Math.Abs(number) < 1e16
        ? number.ToString("F0", CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);
}
