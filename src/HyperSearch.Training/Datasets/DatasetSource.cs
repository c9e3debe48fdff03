using HyperSearch.Core.Studies;
using HyperSearch.Training.SimilarityProbe;

namespace HyperSearch.Training.Datasets;

/// <summary>Where a dataset lies, how it is read, and where what was decoded is kept.</summary>
/// <param name="Folder">Its folder, or one file.</param>
/// <param name="Format">One of <see cref="DatasetFormat"/>.</param>
/// <param name="Options">How it is read beyond that.</param>
/// <param name="Roots">Folders that links in the dataset may lead into, besides its own.</param>
/// <param name="CacheFolder">Where decoded data is kept.</param>
/// <param name="CacheBytes">How much of it.</param>
internal sealed record DatasetSource(string Folder, string Format, DatasetOptions Options, IReadOnlyList<string> Roots, string CacheFolder, long CacheBytes)
{
    public static DatasetSource Of(TrainingRequest request) =>
        new(request.DatasetFolder, request.DatasetFormat, request.DatasetOptions, request.DataRoots, request.CacheFolder, request.CacheBytes);

    public static DatasetSource Of(ProbeRequest request) =>
        new(request.DatasetFolder, request.DatasetFormat, request.DatasetOptions, request.DataRoots, request.CacheFolder, request.CacheBytes);

    public static DatasetSource Of(EvaluationRequest request) =>
        new(request.DatasetFolder, request.DatasetFormat, request.DatasetOptions, request.DataRoots, request.CacheFolder, request.CacheBytes);
}
