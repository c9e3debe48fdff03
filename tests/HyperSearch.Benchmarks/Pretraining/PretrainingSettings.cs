namespace HyperSearch.Benchmarks.Pretraining;

/// <summary>How an encoder is pretrained.</summary>
internal sealed record PretrainingSettings
{
    /// <summary>Most pieces of the vocabulary.</summary>
    public int Vocabulary { get; init; } = 8000;

    /// <summary>Encoder layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Width of a token's state; heads are 64 wide, a feed-forward layer four times as wide.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>Tokens of a text; longer texts are cut into several.</summary>
    public int Length { get; init; } = 128;

    /// <summary>Texts of a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Highest rate: it rises during the first tenth and falls to zero at the end.</summary>
    public double Rate { get; init; } = 2e-3;

    /// <summary>Dropout; a small net that sees each text a few times needs none.</summary>
    public double Dropout { get; init; }

    /// <summary>How long; zero writes the net as it is drawn.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Steps instead of <see cref="Time"/>: then the result follows from the texts alone.</summary>
    public int? Steps { get; init; }

    /// <summary>Threads of the tensor library.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Seed of weights, order and masks.</summary>
    public ulong Seed { get; init; } = 1;
}
