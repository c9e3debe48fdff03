namespace HyperSearch.Core.Studies;

/// <summary>How a dataset is read, beyond its place and format; what is null is decided by the format and the data.</summary>
public sealed record DatasetOptions
{
    /// <summary>Nothing is asked for.</summary>
    public static DatasetOptions Default { get; } = new();

    /// <summary>The split that is trained on; default <c>train</c>. Validation and test keep their names.</summary>
    public string? Split { get; init; }

    /// <summary>CSV, JSONL: the field with the text; default <c>text</c>, else <c>sentence</c>.</summary>
    public string? TextColumn { get; init; }

    /// <summary>CSV, JSONL: the field with a second text; default none.</summary>
    public string? TextPairColumn { get; init; }

    /// <summary>CSV, JSONL: the field with the class; default <c>label</c>.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>CSV, JSONL: examples with equal values of this field are never divided between training and validation; default none.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>CSV, JSONL: tokens of an example; default the smaller of 128 and the model's limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Images: height and width in pixels; default what the model was made for, else as the images are.</summary>
    public int? ImageSize { get; init; }

    /// <summary>These options where they are given, else those of another set.</summary>
    /// <param name="other">What fills the gaps.</param>
    public DatasetOptions Or(DatasetOptions other) => new()
    {
        Split = Split ?? other.Split,
        TextColumn = TextColumn ?? other.TextColumn,
        TextPairColumn = TextPairColumn ?? other.TextPairColumn,
        LabelColumn = LabelColumn ?? other.LabelColumn,
        GroupColumn = GroupColumn ?? other.GroupColumn,
        MaxLength = MaxLength ?? other.MaxLength,
        ImageSize = ImageSize ?? other.ImageSize,
    };
}
