using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the stopping rule of an algorithm: the bare name or <c>{name, grace_epochs?, min_trials?}</c>.</summary>
internal static class StoppingReader
{
    /// <summary>The field of the algorithm.</summary>
    public const string Field = "stopping";

    /// <summary>The field of the rule that the trials' epochs limit.</summary>
    public const string Grace = "grace_epochs";

    /// <summary>The field of the rule that the number of trials limits.</summary>
    public const string Others = "min_trials";

    /// <summary>The only rule.</summary>
    public const string Median = "median";

    /// <summary>Where a field of the rule is given, or should be.</summary>
    public static string Pointer(RequestObject study, string field) => JsonPointer.Member(JsonPointer.Member(study.Pointer("algorithm"), Field), field);

    /// <summary>The rule, what was reported at its default; null when the algorithm has none, or an unknown one that was reported.</summary>
    public static MedianStopping? Read(RequestObject algorithm)
    {
        if (algorithm.Get(Field) is not { } element)
        {
            return null;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return algorithm.OneOf(Field, Median) is null ? null : new();
            case JsonValueKind.Object:
                return RequestObject.Read(element, algorithm.Pointer(Field), algorithm.Findings, ["name", Grace, Others]) is { } rule ? ReadObject(rule) : null;
            default:
                algorithm.Findings.WrongType(algorithm.Pointer(Field), "a name or an object", element);
                return null;
        }
    }

    private static MedianStopping? ReadObject(RequestObject rule)
    {
        if (!rule.Has("name"))
        {
            rule.Findings.Missing(rule.Pointer("name"), "A stopping object needs a name.");
        }

        string? name = rule.OneOf("name", Median);
        MedianStopping defaults = new();
        int? grace = rule.Int(Grace, 0, 9_999);
        int? trials = rule.Int(Others, 1, StudyFields.MostTrials);
        return name is null ? null : new() { GraceEpochs = grace ?? defaults.GraceEpochs, MinTrials = trials ?? defaults.MinTrials };
    }
}
