using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>What <c>POST /v1/studies/{id}/trials</c> takes: one configuration that is to be tried.</summary>
public sealed record EnqueueTrialRequest
{
    /// <summary>Hyperparameters by name, any valid value; what is left out is the study's constant, or the family's default.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }
}
