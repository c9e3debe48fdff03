using System.Globalization;
using System.Text.Json;
using HyperSearch.Contracts;

namespace HyperSearch.Standalone.Demo;

/// <summary>Numbers as people read them.</summary>
internal static class Words
{
    public static string Value(double? value) => value is { } v ? v.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    /// <summary>The searched parameters of a row, short.</summary>
    public static string Parameters(LeaderboardEntry row) => string.Join("  ", row.Parameters.EnumerateObject()
        .Where(p => Short(p.Name) is not null)
        .Select(p => $"{Short(p.Name)} {Number(p.Value)}".TrimStart()));

    /// <summary>The difference to the baseline after as many epochs, in words; null without one.</summary>
    public static string? Difference(LeaderboardEntry row, bool maximize)
    {
        if (row is not { DeltaToBaseline: { } delta, Value: { } value })
        {
            return null;
        }

        double baseline = maximize ? value - delta : value + delta;
        string verdict = delta > 0 ? "better" : delta < 0 ? "worse" : "the same";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Math.Abs(delta):0.0000} ({Math.Abs(delta) / Math.Max(Math.Abs(baseline), 1e-12) * 100:0} %) {verdict}");
    }

    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string Number(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            return value.ToString();
        }

        double number = value.GetDouble();
        bool plain = number == 0 || Math.Abs(number) is >= 0.001 and < 100_000;
        return number.ToString(plain ? "0.###" : "0.#e0", CultureInfo.InvariantCulture);
    }

    private static string? Short(string name) => name switch
    {
        "learning_rate" => "lr",
        "batch_size" => "batch",
        "dropout" => "dropout",
        "weight_decay" => "decay",
        "lr_schedule" => "",
        "frozen_blocks" => "frozen",
        _ => null,
    };
}
