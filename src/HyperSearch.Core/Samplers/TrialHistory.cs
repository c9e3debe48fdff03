using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// What a sampler may know of the trials of one study. Its owner keeps one per study and extends it by the rows that changed;
/// it must not do so while a sampler reads.
/// </summary>
public sealed class TrialHistory
{
    // The lowest number of every configuration.
    private readonly Dictionary<ulong, int> _users = [];

    private readonly Dictionary<int, TrialObservation> _observations = [];

    /// <summary>A new history without trials.</summary>
    public static TrialHistory Empty => new();

    /// <summary>The configurations that a user chose.</summary>
    internal EnqueuedConfigurations Enqueued { get; private set; } = EnqueuedConfigurations.None;

    /// <summary>Observations with a value, best first.</summary>
    internal SortedSet<TrialObservation> Ranked { get; } = new(TrialObservation.ByRank);

    /// <summary>All observations, oldest first.</summary>
    internal SortedSet<TrialObservation> Arrived { get; } = new(TrialObservation.ByArrival);

    /// <summary>Trials that have completed, paused or were pruned, with a value or without.</summary>
    internal int Finished { get; private set; }

    /// <summary>Takes over what a trial is now; idempotent, and a later call for the same number replaces. The baseline is no searched trial and ignored.</summary>
    /// <param name="trial">A trial of the study, new or changed.</param>
    public void Update(Trial trial)
    {
        if (trial.IsBaseline)
        {
            return;
        }

        ulong fingerprint = Fingerprint.Of(trial.Parameters);
        _users[fingerprint] = Math.Min(trial.Number, _users.GetValueOrDefault(fingerprint, int.MaxValue));
        if (trial.Enqueued && Enqueued.At(trial.Number) != fingerprint)
        {
            Enqueued = Enqueued.With(trial.Number, fingerprint);
        }

        Observe(trial.Number, TrialObservation.Of(trial));
    }

    /// <summary>Whether a trial with a lower number has this configuration.</summary>
    /// <param name="parameters">Normalised parameters.</param>
    /// <param name="number">The number of the trial that would get them.</param>
    public bool IsUsed(ParameterSet parameters, int number) => IsUsed(Fingerprint.Of(parameters), number);

    /// <summary>Throws for a number that no sampler is asked for.</summary>
    internal void RequireSampled(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (Enqueued.At(number) is not null)
        {
            throw new ArgumentException($"Trial {number} is enqueued.", nameof(number));
        }
    }

    internal bool IsUsed(ulong fingerprint, int number) => _users.TryGetValue(fingerprint, out int user) && user < number;

    private void Observe(int number, TrialObservation? now)
    {
        TrialObservation? before = _observations.GetValueOrDefault(number);
        if (now == before)
        {
            return;
        }

        if (before is not null)
        {
            _observations.Remove(number);
            Arrived.Remove(before);
            Ranked.Remove(before);
            Finished -= before.IsFinished ? 1 : 0;
        }

        if (now is not null)
        {
            _observations.Add(number, now);
            Arrived.Add(now);
            if (now.HasValue)
            {
                Ranked.Add(now);
            }

            Finished += now.IsFinished ? 1 : 0;
        }
    }
}
