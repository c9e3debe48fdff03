using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HyperSearch.Contracts;

namespace HyperSearch.Api.Http;

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StudyResponse))]
[JsonSerializable(typeof(PlanResponse))]
[JsonSerializable(typeof(Page<StudySummary>))]
[JsonSerializable(typeof(Page<LeaderboardEntry>))]
[JsonSerializable(typeof(Page<TrialResponse>))]
[JsonSerializable(typeof(TrialResponse))]
[JsonSerializable(typeof(ReportsResponse))]
[JsonSerializable(typeof(Page<DecisionResponse>))]
[JsonSerializable(typeof(Page<WorkerResponse>))]
[JsonSerializable(typeof(WorkerResponse))]
[JsonSerializable(typeof(CapacityResponse))]
[JsonSerializable(typeof(Page<ModelResponse>))]
[JsonSerializable(typeof(Page<DatasetResponse>))]
[JsonSerializable(typeof(Page<HyperparameterResponse>))]
[JsonSerializable(typeof(MetaResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ProblemResponse))]
[JsonSerializable(typeof(CreateStudyRequest))]
[JsonSerializable(typeof(EnqueueTrialRequest))]
[JsonSerializable(typeof(PatchStudyRequest))]
[JsonSerializable(typeof(ImportanceResponse))]
[JsonSerializable(typeof(ReplayResponse))]
[JsonSerializable(typeof(SimulationResponse))]
[JsonSerializable(typeof(ConfusionMatrixResponse))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The context with the options that answers are written with.</summary>
    public static ApiJson Written { get; } = new(Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        // Answers are never part of a page; quotation marks in them stay readable.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UtcConverter());
        return options;
    }
}
