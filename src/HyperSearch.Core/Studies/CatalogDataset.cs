namespace HyperSearch.Core.Studies;

/// <summary>A dataset that studies may name.</summary>
/// <param name="Name">The name in requests.</param>
/// <param name="Location">Folder of the data: an absolute path, or <c>samples:NAME</c> for what is shipped.</param>
/// <param name="Format">One of <see cref="DatasetFormat"/>.</param>
/// <param name="Classes">Number of classes; null where it is not known.</param>
public sealed record CatalogDataset(string Name, string Location, string Format, int? Classes)
{
    /// <summary>How it is read beyond that; a request may say otherwise.</summary>
    public DatasetOptions Options { get; init; } = DatasetOptions.Default;
}
