using System.Text.Json;

namespace HyperSearch.Contracts;

/// <summary>A hyperparameter in one model family.</summary>
public sealed record HyperparameterDefault
{
    /// <summary>The value of the baseline.</summary>
    public required JsonElement Default { get; init; }

    /// <summary>The range that is searched without a search space; null where it then stays constant.</summary>
    public required JsonElement? Search { get; init; }

    /// <summary>The largest valid number in this family; null without a limit and for choices.</summary>
    public required double? Max { get; init; }
}
