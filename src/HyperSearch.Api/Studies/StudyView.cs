using System.Text.Json;
using HyperSearch.Api.Http;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

/// <summary>What a study looks like from outside.</summary>
internal static class StudyView
{
    /// <summary>A study's specification as it is now: as it was created, with what was patched since.</summary>
    public static StudySpec CurrentOf(Study study, StudyDocument document, StudySpec spec) => spec with
    {
        Trials = study.MaxTrials,
        MaxParallel = study.MaxParallel,
        Priority = study.Priority,
        Notes = document.Notes,
        Labels = LabelText.Read(document.Labels),
    };

    public static StudyResponse Of(Study study, StudyDocument document, StudySpec current, StudyPlan plan) => new()
    {
        Id = study.Id,
        Name = study.Name,
        State = SnakeCase.Of(study.State),
        Version = study.Version,
        CreatedAt = study.CreatedAt,
        StartedAt = study.StartedAt,
        FinishedAt = study.FinishedAt,
        Spec = Parse(document.Spec),
        Resolved = JsonSerializer.SerializeToElement(StudySpecJson.To(current), (JsonSerializerOptions?)null),
        Plan = PlanView.Of(plan),
        Probe = ProbeView.Of(study),
        ProbeNote = ProbeView.NoteOf(study),
        Progress = ProgressOf(study),
        Best = null,
        Baseline = null,
        Effects = null,
        StopReason = study.State.IsFinal() ? SnakeCase.Of(study.StopReason) : null,
        Test = TestOf(study, current),
        TestNote = study.TestValue is null ? NoteOf(study, current) : null,
        BeatsBaseline = study.BeatsBaseline,
        EpochsExecuted = study.EpochsExecuted,
        DeviceSeconds = study.DeviceSeconds,
        Links = LinksOf(study.Id),
    };

    public static StudySummary SummaryOf(Study study, StudySpec spec) => new()
    {
        Id = study.Id,
        Name = study.Name,
        State = SnakeCase.Of(study.State),
        Version = study.Version,
        CreatedAt = study.CreatedAt,
        StartedAt = study.StartedAt,
        FinishedAt = study.FinishedAt,
        Model = spec.Model.Name ?? spec.Model.Family.Name,
        Dataset = spec.Dataset is { } dataset ? dataset.Name ?? dataset.Location : null,
        Algorithm = spec.Algorithm.Name,
        Metric = spec.Objective.Metric,
        Description = spec.Description,
        Labels = spec.Labels,
        Progress = ProgressOf(study),
        BestNumber = study.BestNumber,
        BestValue = BestValueOf(study, spec),
        StopReason = study.State.IsFinal() ? SnakeCase.Of(study.StopReason) : null,
        Links = LinksOf(study.Id),
    };

    /// <summary>What is known of the best trial: the mean of its confirmation once there is one, else its value in the search.</summary>
    private static double? BestValueOf(Study study, StudySpec spec) =>
        StudyRules.Confirmed(study).FirstOrDefault(c => c.Number == study.BestNumber) is { Confirmation.Mean: { } mean } ? mean
        // Turning the sign is its own inverse.
        : study.BestLoss is { } loss ? spec.Objective.Loss(loss) : null;

    private static ProgressResponse ProgressOf(Study study)
    {
        int uncreated = study.Trials - study.Created;
        // Once the search is ending, what was never created has ended with it.
        bool ending = study.State.IsFinal() || study.State == StudyState.Stopping;
        return new ProgressResponse
        {
            Total = study.Trials,
            Waiting = study.Waiting + study.Dispatched + (ending ? 0 : uncreated),
            Running = study.Running,
            Paused = study.Paused,
            Completed = study.Completed,
            Pruned = study.Pruned,
            Failed = study.Failed,
            Cancelled = study.Cancelled + (ending ? uncreated : 0),
        };
    }

    private static TestResponse? TestOf(Study study, StudySpec spec) => study.TestValue is not { } value ? null : new TestResponse
    {
        Metric = spec.Objective.Metric,
        Value = value,
        BaselineValue = study.TestBaselineValue,
        Examples = study.TestExamples,
        StandardError = study.TestStandardError,
    };

    private static string NoteOf(Study study, StudySpec spec)
    {
        const string Optimistic = " Validation only, optimistic: the best of many trials beats one baseline run by luck alone.";
        return study switch
        {
            { TestMissing: { } why } => why + Optimistic,
            _ when spec.Dataset is null => "The model has no dataset and so no test split." + Optimistic,
            { Scoring: true } => "Winner and baseline are being scored on the test split.",
            { State: StudyState.Completed or StudyState.Stopped } => "Nothing was scored." + Optimistic,
            { State: StudyState.Cancelled or StudyState.Failed } => "Only completed and stopped studies are scored." + Optimistic,
            _ => "Scored when the search is over." + Optimistic,
        };
    }

    private static StudyLinks LinksOf(string id) => new()
    {
        Self = $"/v1/studies/{id}",
        Leaderboard = $"/v1/studies/{id}/leaderboard",
        Trials = $"/v1/studies/{id}/trials",
        Decisions = $"/v1/studies/{id}/decisions",
        Plan = $"/v1/studies/{id}/plan",
        Importance = $"/v1/studies/{id}/importance",
        Replay = $"/v1/studies/{id}/replay",
        BestModel = $"/v1/studies/{id}/best/model",
    };

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = RequestBody.Depth });
        return document.RootElement.Clone();
    }
}
