using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Core.Studies;

/// <summary>The model a study fine-tunes.</summary>
public sealed record StudyModel
{
    /// <summary>Name in the catalogue, or null where the request gives family and weights.</summary>
    public string? Name { get; init; }

    /// <summary>The architecture, with the block count of this model.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Folder or URI of the pretrained weights; null starts from scratch (and for synthetic).</summary>
    public string? Weights { get; init; }

    /// <summary>Options of the synthetic family; null for others.</summary>
    public SyntheticOptions? Synthetic { get; init; }
}
