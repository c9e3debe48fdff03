namespace HyperSearch.Training;

/// <summary>How a trial is trained, known once data and weights are loaded. Equal facts are what bit-identical resume needs.</summary>
public sealed record TrainingFacts
{
    /// <summary>Examples per forward pass, at most the batch size.</summary>
    public required int MicroBatch { get; init; }

    /// <summary>Whether unfrozen batch norm sees less than a whole batch, which changes its statistics.</summary>
    public required bool BatchNormMicro { get; init; }

    /// <summary>Threads of the tensor library.</summary>
    public required int Threads { get; init; }

    /// <summary>Model name of the processor.</summary>
    public required string Cpu { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Libtorch { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Whether the head of the weights was kept because its label map equals the dataset's; false: made anew.</summary>
    public required bool HeadKept { get; init; }

    /// <summary>Examples of the training split that are used.</summary>
    public required int TrainExamples { get; init; }

    /// <summary>Examples of the validation split.</summary>
    public required int ValidationExamples { get; init; }
}
