namespace HyperSearch.Contracts;

/// <summary>What a study improves.</summary>
public sealed record ObjectiveRequest
{
    /// <summary><c>val_loss</c> (default), <c>val_accuracy</c>, <c>val_balanced_accuracy</c>, <c>val_macro_f1</c> or <c>val_auroc</c>.</summary>
    public string? Metric { get; init; }

    /// <summary><c>minimize</c> or <c>maximize</c>; by default what the metric asks for.</summary>
    public string? Goal { get; init; }

    /// <summary><c>best</c> epoch (default) or <c>last</c>.</summary>
    public string? Summary { get; init; }
}
