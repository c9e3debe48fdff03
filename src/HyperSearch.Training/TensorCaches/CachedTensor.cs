using System.Collections.Immutable;

namespace HyperSearch.Training.TensorCaches;

/// <summary>One file of a cache entry, as its <c>meta.json</c> has it.</summary>
/// <param name="Name">Name of the tensor and of its file.</param>
/// <param name="Type"><c>uint8</c>, <c>int32</c>, <c>int64</c> or <c>float32</c>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Hash">sha256 of the file, in lower-case hexadecimal.</param>
internal sealed record CachedTensor(string Name, string Type, ImmutableArray<long> Shape, long Bytes, string Hash);
