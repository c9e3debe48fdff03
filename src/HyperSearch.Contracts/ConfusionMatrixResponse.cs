namespace HyperSearch.Contracts;

/// <summary>What the winner's model takes for what, on the validation split.</summary>
public sealed record ConfusionMatrixResponse
{
    /// <summary>Number of the trial.</summary>
    public required int Trial { get; init; }

    /// <summary>The epoch that is exported, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Validation examples.</summary>
    public required int Examples { get; init; }

    /// <summary>The classes, in the order of rows and columns.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>A row for each actual class, with the number of examples for each predicted one.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Matrix { get; init; }
}
