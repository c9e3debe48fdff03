using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Proposes the parameters of a study's trials. Pure: the same study, number and history give the same proposal on every
/// machine, in whatever order numbers are asked for.
/// </summary>
public interface ISampler
{
    /// <summary>Whether results count; else a history needs the enqueued trials alone.</summary>
    bool Learns { get; }

    /// <summary>The parameters of one searched trial: never those of a trial with a lower number, sampled or enqueued.</summary>
    /// <param name="number">The trial's number, from 0; not one that was enqueued.</param>
    /// <param name="history">The study's trials; configurations of this number and of higher ones do not count.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number, or one for which no configuration is left.</exception>
    /// <exception cref="ArgumentException">An enqueued number.</exception>
    Proposal Propose(int number, TrialHistory history);

    /// <summary>Whether a finite space has a configuration, so that enqueueing it leaves one less to propose; false in a continuum.</summary>
    /// <param name="parameters">Normalised parameters.</param>
    bool Contains(ParameterSet parameters);

    /// <summary>The cell that an enqueued configuration takes; null when the sampler does not have it, and always for one without cells.</summary>
    /// <param name="parameters">Normalised parameters.</param>
    int? CellOf(ParameterSet parameters) => null;
}
