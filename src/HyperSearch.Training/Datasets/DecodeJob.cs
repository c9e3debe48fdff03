using HyperSearch.Training.TensorCaches;

namespace HyperSearch.Training.Datasets;

/// <summary>One split to decode.</summary>
/// <param name="Source">The dataset.</param>
/// <param name="Files">Its files.</param>
/// <param name="Wanted">What is made of its examples.</param>
/// <param name="Labels">Takes the label of each example, in order.</param>
/// <param name="Cache">Takes the examples.</param>
/// <param name="Tensor">Under this name.</param>
/// <param name="Alive">Called now and then: a sign of life.</param>
/// <param name="CancellationToken">Ends it.</param>
internal sealed record DecodeJob(
    DatasetSource Source, IReadOnlyList<DataFile> Files, Preprocessing Wanted, LabelSink Labels, TensorCacheWriter Cache, string Tensor,
    Action Alive, CancellationToken CancellationToken);
