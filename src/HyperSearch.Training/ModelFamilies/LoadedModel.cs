namespace HyperSearch.Training.ModelFamilies;

/// <summary>A model with its starting weights.</summary>
/// <param name="Model">The model.</param>
/// <param name="WeightsHash">sha256 of the weights, all shards; null from scratch.</param>
/// <param name="ConfigHash">sha256 of the files that say what the weights mean; null from scratch.</param>
/// <param name="HeadKept">Whether the head comes from the weights.</param>
internal sealed record LoadedModel(TrainableModel Model, string? WeightsHash, string? ConfigHash, bool HeadKept);
