using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Trials;

/// <summary>
/// One parameter set under evaluation: what is known of it. Its verbs, in Trial.Verbs.cs, say for every state: change, ignore
/// (false) or throw. Assigned attempts are fenced: an event counts only if attempt and incarnation are the row's.
/// </summary>
public sealed partial class Trial
{
    /// <summary>The number of the baseline trial.</summary>
    public const int BaselineNumber = -1;

    /// <summary>A new trial that waits for its first assignment.</summary>
    /// <param name="studyId">The study.</param>
    /// <param name="number">From 0; -1 is the baseline.</param>
    /// <param name="parameters">Normalised parameters.</param>
    /// <param name="seed">The training seed.</param>
    /// <param name="createdAt">The time of creation.</param>
    /// <param name="confirms">The number of the trial that it confirms; null (default) for the trials of the search.</param>
    public Trial(string studyId, int number, ParameterSet parameters, long seed, DateTimeOffset createdAt, int? confirms = null)
    {
        StudyId = studyId;
        Number = number;
        Parameters = parameters;
        Seed = seed;
        CreatedAt = createdAt;
        Fingerprint = FingerprintOf(parameters);
        Confirms = confirms;
        FullEpochs = parameters.Epochs;
        ToEpoch = parameters.Epochs;
    }

    /// <summary>The study.</summary>
    public string StudyId { get; private set; }

    /// <summary>From 0 within the study; -1 is the baseline.</summary>
    public int Number { get; private set; }

    /// <summary>Whether this is the trial with the defaults.</summary>
    public bool IsBaseline => Number == BaselineNumber;

    /// <summary>The number of the trial that this run confirms with another seed; null for the trials of the search.</summary>
    public int? Confirms { get; private set; }

    /// <summary>Whether it is one of the search's own trials: neither the baseline nor a run that confirms another.</summary>
    public bool IsSearched => !IsBaseline && Confirms is null;

    /// <summary>Where it stands.</summary>
    public TrialState State { get; private set; } = TrialState.Waiting;

    /// <summary>Normalised parameters.</summary>
    public ParameterSet Parameters { get; private set; }

    /// <summary>Sixty-four bits by which an equal configuration is looked for; whether it is equal the parameters themselves say.</summary>
    public long Fingerprint { get; private set; }

    /// <summary>The training seed.</summary>
    public long Seed { get; private set; }

    /// <summary>Whether a user chose the parameters; default false: the sampler did.</summary>
    public bool Enqueued { get; internal set; }

    /// <summary>
    /// Place in the study's order of arrival: rises from a counter of the study with every change of what a sampler could learn
    /// from the trial. 0 for the first ones and where nothing learns.
    /// </summary>
    public long HistorySequence { get; internal set; }

    /// <summary>The grid cell, or null.</summary>
    public int? Cell { get; internal set; }

    /// <summary>The bracket, or null without rungs.</summary>
    public int? Bracket { get; private set; }

    /// <summary>Index of the rung it works for or ended in, or null without rungs.</summary>
    public int? Rung { get; private set; }

    /// <summary>Epochs of its full resource.</summary>
    public int FullEpochs { get; private set; }

    /// <summary>Finished epochs at which its latest assignment started.</summary>
    public int FromEpoch { get; private set; }

    /// <summary>Finished epochs at which its current segment ends.</summary>
    public int ToEpoch { get; private set; }

    /// <summary>The number of the latest assignment; only a fencing token.</summary>
    public int Attempt { get; private set; }

    /// <summary>The worker's life whose slot it holds. Kept after a cancel until that worker no longer lists it.</summary>
    public Guid? Incarnation { get; private set; }

    /// <summary>When the latest assignment was made.</summary>
    public DateTimeOffset? AssignedAt { get; private set; }

    /// <summary>The life of the worker that ran it last.</summary>
    public Guid? Worker { get; private set; }

    /// <summary>Epochs it has reported, without those discarded at a new assignment.</summary>
    public int Epochs { get; private set; }

    /// <summary>The objective's summary so far; null without a finite value, and when diverged.</summary>
    public double? Value { get; private set; }

    /// <summary><see cref="Value"/> with its sign turned so that smaller is better: what rungs and rankings order by.</summary>
    public double? Loss { get; private set; }

    /// <summary>Epoch of the best metric, from 1.</summary>
    public int? BestEpoch { get; private set; }

    /// <summary>The metric at the best epoch.</summary>
    public double? BestValue { get; private set; }

    /// <summary>The metric at the last epoch.</summary>
    public double? LastValue { get; private set; }

    /// <summary>The metric on training examples at the epoch that <see cref="Value"/> comes from.</summary>
    public double? TrainValue { get; private set; }

    /// <summary>Epochs from 1 on without a gap that are in <see cref="AverageSum"/>.</summary>
    public int Averaged { get; private set; }

    /// <summary>Sum of the metric over these epochs: what running averages are made of.</summary>
    public double AverageSum { get; private set; }

    /// <summary>Finished epochs in the latest durable checkpoint; 0 without one.</summary>
    public int CheckpointEpoch { get; private set; }

    /// <summary>Its folder in the artifact store, or null.</summary>
    public string? CheckpointKey { get; private set; }

    /// <summary>Started attempts that ended because worker or child died.</summary>
    public int LostAttempts { get; private set; }

    /// <summary>Lost attempts in a row that recorded no checkpoint further on.</summary>
    public int LostInARow { get; private set; }

    /// <summary>Whether the current attempt recorded a checkpoint beyond the furthest one before it.</summary>
    public bool Advanced { get; private set; }

    /// <summary>Failures that were retried.</summary>
    public int Retries { get; private set; }

    /// <summary>The worker's life that a retry avoids while there is another.</summary>
    public Guid? Avoids { get; private set; }

    /// <summary>Seconds on a device, all attempts together.</summary>
    public double DeviceSeconds { get; private set; }

    /// <summary>Seconds already counted for the current attempt.</summary>
    public double AttemptSeconds { get; private set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was first heard of from a worker.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Whether a loss was not finite.</summary>
    public bool Diverged { get; private set; }

    /// <summary>The epoch in which it diverged, from 1.</summary>
    public int? DivergedEpoch { get; private set; }

    /// <summary>Why it failed, or null.</summary>
    public FailureKind? ErrorKind { get; private set; }

    /// <summary>What went wrong, for people.</summary>
    public string? ErrorMessage { get; private set; }

    /// <summary>Examples per gradient computation, once known.</summary>
    public int? MicroBatch { get; private set; }

    /// <summary>Whether unfrozen batch norm saw micro-batches.</summary>
    public bool BatchNormMicro { get; private set; }

    /// <summary>Threads of the slot, once known.</summary>
    public int? Threads { get; private set; }

    /// <summary>CPU model, once known.</summary>
    public string? Cpu { get; private set; }

    /// <summary>Version of libtorch, once known.</summary>
    public string? Libtorch { get; private set; }

    /// <summary>Whether the head of the weights was kept, once known; false: made anew.</summary>
    public bool? HeadKept { get; private set; }

    /// <summary>Examples of the validation split, once known.</summary>
    public int? ValidationExamples { get; private set; }

    /// <summary>Epochs that the current assignment has yet to run.</summary>
    public int InFlight => State.IsAssigned() ? Math.Max(0, ToEpoch - Epochs) : 0;

    /// <summary>Train metric minus value, or the reverse when maximised: positive is overfitting. Null where one is missing.</summary>
    /// <param name="maximize">The objective's direction.</param>
    public double? Gap(bool maximize) => Value is { } v && TrainValue is { } t ? (maximize ? t - v : v - t) : null;

    /// <summary>What it has reported so far, folded.</summary>
    public TrialSummary Summary => new()
    {
        Epochs = Epochs,
        Value = Value,
        BestEpoch = BestEpoch,
        BestValue = BestValue,
        LastValue = LastValue,
        TrainValue = TrainValue,
        Averaged = Averaged,
        Sum = AverageSum,
    };

    /// <summary>The <see cref="Fingerprint"/> of a configuration.</summary>
    /// <param name="parameters">Normalised parameters.</param>
    public static long FingerprintOf(ParameterSet parameters) => unchecked((long)Samplers.Fingerprint.Of(parameters));

    /// <summary>Whether an event of that attempt may change this trial.</summary>
    /// <param name="attempt">The event's attempt.</param>
    /// <param name="incarnation">The event's sender.</param>
    public bool IsCurrent(int attempt, Guid incarnation) =>
        State.IsAssigned() && Attempt == attempt && Incarnation == incarnation;
}
