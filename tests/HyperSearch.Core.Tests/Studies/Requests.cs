using System.Text.Json;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Studies;

/// <summary>Requests as text, and what the validator makes of them.</summary>
internal static class Requests
{
    public const long DrawnSeed = 4711;

    public static StudyValidation Validate(string json, Catalog? catalog = null)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return StudyValidator.Validate(document.RootElement, catalog ?? Catalog.BuiltIn, DrawnSeed);
    }

    /// <summary>A valid synthetic study with other fields after it.</summary>
    public static string With(string fields) => $$"""{"name": "a", "model": "synthetic", "seed": 1{{(fields.Length == 0 ? "" : ", " + fields)}}}""";

    public static StudySpec Valid(string json, Catalog? catalog = null)
    {
        StudyValidation validation = Validate(json, catalog);
        validation.Errors.ShouldBeEmpty();
        return validation.Spec.ShouldNotBeNull();
    }
}
