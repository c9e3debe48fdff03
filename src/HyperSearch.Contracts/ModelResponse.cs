using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>A model that a request may name.</summary>
public sealed record ModelResponse
{
    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary>Its architecture.</summary>
    public required string Family { get; init; }

    /// <summary>Blocks that can be frozen, counted from the input.</summary>
    public required int Blocks { get; init; }

    /// <summary>Whether it starts from pretrained weights.</summary>
    public required bool Pretrained { get; init; }

    /// <summary>Whether a study of it needs a dataset.</summary>
    public required bool NeedsDataset { get; init; }

    /// <summary>Its default hyperparameters: the baseline.</summary>
    public required JsonElement Defaults { get; init; }

    /// <summary>What is searched without a search space.</summary>
    public required JsonElement SearchSpace { get; init; }

    /// <summary>What is searched without a search space where trials are compared at rungs.</summary>
    public required JsonElement MultiFidelitySearchSpace { get; init; }
}
