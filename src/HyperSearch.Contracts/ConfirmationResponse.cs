namespace HyperSearch.Contracts;

/// <summary>What the runs of a trial with fresh seeds say of it; the search's own run is not among them.</summary>
public sealed record ConfirmationResponse
{
    /// <summary>Runs with a value; fewer than the seeds where some diverged or failed.</summary>
    public required int N { get; init; }

    /// <summary>Mean of their values.</summary>
    public required double? Mean { get; init; }

    /// <summary>Lower end of the 95 % interval of the mean by Student's t; null below two runs.</summary>
    public required double? Low { get; init; }

    /// <summary>Upper end of that interval.</summary>
    public required double? High { get; init; }

    /// <summary>How far the mean would scatter over other validation sets of the same size; null where it is not known.</summary>
    public required double? StandardErrorOfValidation { get; init; }

    /// <summary>Trials from which its runs do not tell it apart, best first.</summary>
    public required IReadOnlyList<int> TiedWith { get; init; }
}
