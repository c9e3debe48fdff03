using System.Globalization;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Trials;

internal static class TrialNumber
{
    /// <summary>The number of a path as it is written, or of the trial with the defaults by its name; null for anything else.</summary>
    public static int? Parse(string text, StudySpec spec) =>
        text == "baseline" ? spec.BaselineNumber
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
        : null;
}
