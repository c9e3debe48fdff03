using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>Decides whether a request is a study. Pure: it opens nothing and reads no clock.</summary>
public static class StudyValidator
{
    /// <summary>Checks a request and resolves every default.</summary>
    /// <param name="request">A document that is valid JSON; any kind of root.</param>
    /// <param name="catalog">The models and datasets that may be named.</param>
    /// <param name="drawnSeed">The seed of a study whose request gives none: 0..2^53-1, drawn by the caller.</param>
    /// <exception cref="ArgumentOutOfRangeException">A drawn seed outside its range.</exception>
    public static StudyValidation Validate(JsonElement request, Catalog catalog, long drawnSeed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(drawnSeed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drawnSeed, StudyFields.LargestSeed);
        Findings findings = new();
        StudySpec? spec = null;
        if (DocumentCheck.Run(request, findings) && RequestObject.Read(request, "", findings, StudyFields.Known) is { } study)
        {
            spec = StudyReader.Read(study, catalog, drawnSeed);
        }

        return new(findings.HasErrors ? null : spec, findings.Errors, findings.Warnings);
    }
}
