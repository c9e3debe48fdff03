namespace HyperSearch.Training.Datasets;

/// <summary>A file of a dataset.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Name">Its path inside the dataset, with forward slashes.</param>
internal readonly record struct DataFile(string Path, string Name)
{
    /// <summary>The ending of its name in small letters, such as <c>.csv</c>.</summary>
    public string Extension => System.IO.Path.GetExtension(Name).ToLowerInvariant();
}
