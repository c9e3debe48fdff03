using System.Collections.Immutable;
using System.Text.Json;
using TorchSharp;

namespace HyperSearch.Training.TensorCaches;

/// <summary><c>meta.json</c> of a cache entry.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="Notes">Small facts beside the tensors.</param>
/// <param name="Tensors">The files.</param>
internal sealed record CacheMeta(int Format, JsonElement Notes, ImmutableArray<CachedTensor> Tensors)
{
    /// <summary>The layout that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    public const string FileName = "meta.json";

    private static readonly (string Name, torch.ScalarType Type, int Bytes)[] Types =
    [
        ("uint8", torch.ScalarType.Byte, 1), ("int32", torch.ScalarType.Int32, 4),
        ("int64", torch.ScalarType.Int64, 8), ("float32", torch.ScalarType.Float32, 4),
    ];

    /// <summary>Size of all files in bytes.</summary>
    public long Bytes => Tensors.Sum(t => t.Bytes);

    public static string NameOf(torch.ScalarType type) => Types.Single(t => t.Type == type).Name;

    public static torch.ScalarType TypeOf(string name) => Types.Single(t => t.Name == name).Type;

    /// <summary>Bytes of one element.</summary>
    public static int SizeOf(torch.ScalarType type) => Types.Single(t => t.Type == type).Bytes;
}
