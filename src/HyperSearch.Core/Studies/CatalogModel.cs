using HyperSearch.Core.ModelFamilies;

namespace HyperSearch.Core.Studies;

/// <summary>A model that studies may name.</summary>
/// <param name="Name">The name in requests.</param>
/// <param name="Family">The architecture, with the block count of this model.</param>
/// <param name="Location">Folder of the pretrained weights: an absolute path, or <c>samples:NAME</c> for what is shipped; null starts from scratch.</param>
public sealed record CatalogModel(string Name, ModelFamily Family, string? Location);
