using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Checkpoints;

/// <summary><c>last/state.json</c>: everything but tensors that a trial needs to go on.</summary>
internal sealed record ResumeState
{
    /// <summary>The layout that this version writes and reads.</summary>
    public const int CurrentFormat = 3;

    /// <summary>How the file is written: snake_case, nulls kept.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Version of the layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name of the family.</summary>
    public required string Family { get; init; }

    /// <summary>Finished epochs.</summary>
    public required int Epoch { get; init; }

    /// <summary>Training seed.</summary>
    public required long Seed { get; init; }

    /// <summary>sha256 of the base weights, all shards, from which frozen blocks are read again; null from scratch.</summary>
    public required string? BaseWeights { get; init; }

    /// <summary>sha256 of the files that say what the base weights mean; null from scratch.</summary>
    public required string? BaseConfig { get; init; }

    /// <summary>Content hash of the dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>First trained block: tensors from it on are stored.</summary>
    public required int FirstTrainedBlock { get; init; }

    /// <summary>Optimizer steps of each block and, last, of the head.</summary>
    public required ImmutableArray<long> Steps { get; init; }

    /// <summary>Report of the best epoch, without times.</summary>
    public required EpochReport Best { get; init; }

    /// <summary>Report of the last epoch, without times.</summary>
    public required EpochReport Last { get; init; }

    /// <summary>Epochs since the best one.</summary>
    public required int EpochsWithoutImprovement { get; init; }

    /// <summary>Examples per forward pass.</summary>
    public required int MicroBatch { get; init; }

    /// <summary>Threads it was trained with.</summary>
    public required int Threads { get; init; }

    /// <summary>Processor it was trained on.</summary>
    public required string Cpu { get; init; }

    /// <summary>Version of libtorch it was trained with.</summary>
    public required string Libtorch { get; init; }
}
