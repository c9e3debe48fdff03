using HyperSearch.Messaging;
using HyperSearch.Training;

namespace HyperSearch.Worker.Slots;

/// <summary>One segment, as its child process gets it: everything that lies elsewhere is a local folder by now.</summary>
internal sealed record SlotJob
{
    /// <summary>The order as it came, but for the epoch to start from.</summary>
    public required RunTrial Trial { get; init; }

    /// <summary>The checkpoint to go on from or to score; null starts anew.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>Where the child writes its checkpoints; removed by the parent.</summary>
    public required string CheckpointRoot { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>The device that the worker offers: <c>cpu</c> or <c>cuda:0</c> and so on; null takes any.</summary>
    public string? Device { get; init; }

    /// <summary>Where data and weights may lie that a request names by path.</summary>
    public IReadOnlyList<string> DataRoots { get; init; } = [];

    /// <summary>Where decoded data is kept for all children of the machine.</summary>
    public string CacheFolder { get; init; } = DecodedData.DefaultFolder;

    /// <summary>Bytes that may be kept there.</summary>
    public long CacheBytes { get; init; } = DecodedData.DefaultBytes;

    /// <summary>Whether the output of frozen blocks is kept there too.</summary>
    public bool KeepsFeatures { get; init; } = true;
}
