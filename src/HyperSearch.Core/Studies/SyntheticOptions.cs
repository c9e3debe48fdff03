namespace HyperSearch.Core.Studies;

/// <summary>Options of the synthetic family; all seeded, all 0 by default.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Milliseconds that one epoch takes.</summary>
    public double EpochMs { get; init; }

    /// <summary>Probability per trial of failing, at an epoch drawn uniformly, as <c>internal</c> and not retried; 0..1.</summary>
    public double FailureRate { get; init; }

    /// <summary>Probability per trial of diverging, at an epoch drawn uniformly; 0..1.</summary>
    public double DivergenceRate { get; init; }

    /// <summary>Standard deviation of the noise by trial and epoch.</summary>
    public double Noise { get; init; }

    /// <summary>c in 0..1: how much low rates start worse.</summary>
    public double Crossing { get; init; }
}
