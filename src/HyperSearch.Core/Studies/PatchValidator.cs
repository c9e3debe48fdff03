using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HyperSearch.Core.Studies;

/// <summary>
/// Reads a change of a study as a JSON merge patch (RFC 7396): a field that is left out stays, null takes it away. Pure;
/// whether the study's state allows the change is for <see cref="StudyRules"/> to say.
/// </summary>
public static class PatchValidator
{
    private const string Notes = "notes";
    private const string MaxTrials = "max_trials";
    private const string MaxParallel = "max_parallel";
    private const string Priority = "priority";
    private static readonly ImmutableArray<string> Known = [Notes, LabelReader.Field, MaxTrials, MaxParallel, Priority];

    /// <summary>Checks a request against the study as it is.</summary>
    /// <param name="request">A document that is valid JSON; any kind of root.</param>
    /// <param name="study">The study.</param>
    /// <param name="notes">Its notes, or null.</param>
    /// <param name="labels">Its labels.</param>
    public static PatchValidation Validate(JsonElement request, Study study, string? notes, ImmutableSortedDictionary<string, string> labels)
    {
        Findings findings = new();
        StudyPatch? patch = null;
        if (DocumentCheck.Run(request, findings) && RequestObject.Read(request, "", findings, Known) is { } body)
        {
            patch = Read(body, study, notes, labels);
        }

        return new(findings.HasErrors ? null : patch, findings.Errors);
    }

    private static StudyPatch Read(RequestObject body, Study study, string? notes, ImmutableSortedDictionary<string, string> labels)
    {
        string? newNotes = body.IsNull(Notes) ? null : StudyFields.Notes(body) ?? notes;
        ImmutableSortedDictionary<string, string> newLabels = LabelReader.Merge(body, labels);
        int? trials = ReadTrials(body, study.MaxTrials);
        int? parallel = body.IsNull(MaxParallel) ? null : StudyFields.MaxParallel(body) ?? study.MaxParallel;
        int? priority = body.IsNull(Priority) ? 0 : StudyFields.Priority(body);
        StudyInput.Patched input = new(trials, parallel != study.MaxParallel, parallel == study.MaxParallel ? null : parallel, priority == study.Priority ? null : priority);
        return new(
            input,
            newNotes,
            newLabels,
            newNotes != notes || !newLabels.SequenceEqual(labels));
    }

    /// <summary>The raised number; null where it stays.</summary>
    private static int? ReadTrials(RequestObject body, int now)
    {
        if (body.IsNull(MaxTrials))
        {
            body.Findings.Error(body.Pointer(MaxTrials), ErrorCode.NotAccepted, "max_trials cannot be taken away; leave it out to keep it.");
            return null;
        }

        if (body.Int(MaxTrials, 1, StudyFields.MostTrials) is not { } asked || asked == now)
        {
            return null;
        }

        if (asked < now)
        {
            body.Findings.Error(body.Pointer(MaxTrials), ErrorCode.OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"max_trials is {now} and can only be raised, not to {asked}; stop the study to end it early."));
        }

        return asked;
    }
}
