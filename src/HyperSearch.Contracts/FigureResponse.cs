namespace HyperSearch.Contracts;

/// <summary>A number over several simulated studies.</summary>
public sealed record FigureResponse
{
    /// <summary>Studies that have it; fewer than all only where some have no winner.</summary>
    public required int N { get; init; }

    /// <summary>Its mean; null when none has it.</summary>
    public required double? Mean { get; init; }

    /// <summary>The standard error of the mean; null below two.</summary>
    public required double? StandardError { get; init; }
}
