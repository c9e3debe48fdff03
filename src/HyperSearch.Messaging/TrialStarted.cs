namespace HyperSearch.Messaging;

/// <summary>A segment runs.</summary>
public sealed record TrialStarted
{
    /// <summary>Examples per gradient computation; null for synthetic.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Whether batch norm sees micro-batches smaller than the batch.</summary>
    public bool BatchNormMicro { get; init; }

    /// <summary>Threads of the slot.</summary>
    public int Threads { get; init; }

    /// <summary>CPU model.</summary>
    public string? Cpu { get; init; }

    /// <summary>Version of libtorch; null for synthetic.</summary>
    public string? Libtorch { get; init; }

    /// <summary>Whether the head of the weights was kept, because its label map is the dataset's; false: made anew; null for synthetic.</summary>
    public bool? HeadKept { get; init; }

    /// <summary>Examples of the validation split; null for synthetic.</summary>
    public int? ValidationExamples { get; init; }
}
