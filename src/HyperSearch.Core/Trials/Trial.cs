using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Trials;

/// <summary>
/// One parameter set under evaluation. Its verbs say for every state: change, ignore (false) or throw.
/// Assigned attempts are fenced: an event counts only if attempt and incarnation are the row's.
/// </summary>
public sealed class Trial
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
        Confirms = confirms;
        Fingerprint = FingerprintOf(parameters);
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

    /// <summary>Epochs that the current assignment has yet to run.</summary>
    public int InFlight => State.IsAssigned() ? Math.Max(0, ToEpoch - Epochs) : 0;

    /// <summary>Train metric minus value, or the reverse when maximised: positive is overfitting. Null where one is missing.</summary>
    /// <param name="maximize">The objective's direction.</param>
    public double? Gap(bool maximize) => Value is { } v && TrainValue is { } t ? (maximize ? t - v : v - t) : null;

    /// <summary>The <see cref="Fingerprint"/> of a configuration.</summary>
    /// <param name="parameters">Normalised parameters.</param>
    public static long FingerprintOf(ParameterSet parameters) => unchecked((long)Samplers.Fingerprint.Of(parameters));

    /// <summary>Whether an event of that attempt may change this trial.</summary>
    /// <param name="attempt">The event's attempt.</param>
    /// <param name="incarnation">The event's sender.</param>
    public bool IsCurrent(int attempt, Guid incarnation) =>
        State.IsAssigned() && Attempt == attempt && Incarnation == incarnation;

    /// <summary>Puts it on a rung, before its first assignment or by promotion.</summary>
    internal void Place(int? bracket, int? rung, int toEpoch)
    {
        if (State is not (TrialState.Waiting or TrialState.Paused))
        {
            throw new InvalidOperationException($"Trial {Number} is {State} and cannot be placed on a rung.");
        }

        Bracket = bracket;
        Rung = rung;
        ToEpoch = toEpoch;
        State = TrialState.Waiting;
    }

    /// <summary>Gives it to a worker; it goes on from its checkpoint, and what it reported beyond is forgotten.</summary>
    internal void Assign(Guid incarnation, TrialSummary? rewound, bool maximize, DateTimeOffset now)
    {
        if (State != TrialState.Waiting)
        {
            throw new InvalidOperationException($"Trial {Number} is {State} and cannot be assigned.");
        }

        if (CheckpointEpoch < Epochs)
        {
            Summarize(rewound is { } r && r.Epochs == CheckpointEpoch
                ? r
                : throw new InvalidOperationException($"Trial {Number} goes on from epoch {CheckpointEpoch} and needs its summary there."), maximize);
        }

        State = TrialState.Dispatched;
        Attempt++;
        FromEpoch = CheckpointEpoch;
        Incarnation = incarnation;
        Worker = incarnation;
        AssignedAt = now;
        Advanced = false;
        AttemptSeconds = 0;
    }

    /// <summary>Any event of the current attempt implies its start.</summary>
    internal bool Start(DateTimeOffset now)
    {
        if (State != TrialState.Dispatched)
        {
            return false;
        }

        State = TrialState.Running;
        StartedAt ??= now;
        return true;
    }

    internal void Describe(TrialFacts facts)
    {
        MicroBatch = facts.MicroBatch ?? MicroBatch;
        BatchNormMicro |= facts.BatchNormMicro;
        Threads = facts.Threads;
        Cpu = facts.Cpu ?? Cpu;
        Libtorch = facts.Libtorch ?? Libtorch;
    }

    /// <summary>Takes over the folded reports of a running attempt; the seconds of the new epochs count at once.</summary>
    internal void Report(TrialSummary summary, bool maximize, double seconds)
    {
        RequireRunning();
        Summarize(summary, maximize);
        AddSeconds(seconds);
    }

    /// <summary>
    /// Records a durable checkpoint. Returns the key that it replaces, if there is one. One that is ahead of the reports is
    /// ignored: the trial could not go on from it with a summary.
    /// </summary>
    internal string? Record(Checkpoint checkpoint)
    {
        RequireRunning();
        if (checkpoint.Epoch < CheckpointEpoch || checkpoint.Epoch > Epochs)
        {
            return null;
        }

        if (checkpoint.Epoch > CheckpointEpoch)
        {
            Advanced = true;
            LostInARow = 0;
        }

        string? replaced = checkpoint.Key == CheckpointKey ? null : CheckpointKey;
        CheckpointEpoch = checkpoint.Epoch;
        CheckpointKey = checkpoint.Key;
        return replaced;
    }

    /// <summary>Ends its segment: it waits at its rung, is complete, or is pruned.</summary>
    internal void EndSegment(TrialState state, DateTimeOffset now)
    {
        RequireRunning();
        if (state is not (TrialState.Paused or TrialState.Completed or TrialState.Pruned))
        {
            throw new InvalidOperationException($"A segment does not end as {state}.");
        }

        Incarnation = null;
        Enter(state, now);
    }

    internal void Diverge(int? epoch, DateTimeOffset now)
    {
        RequireRunning();
        Diverged = true;
        DivergedEpoch = epoch;
        Value = null;
        Loss = null;
        Incarnation = null;
        Enter(TrialState.Pruned, now);
    }

    /// <summary>Goes back to be assigned again, with nothing counted.</summary>
    internal void Return()
    {
        RequireAssigned();
        State = TrialState.Waiting;
        Incarnation = null;
    }

    /// <summary>A started attempt ended because worker or child died. Returns whether the retry budget is used up.</summary>
    internal bool Lose(int maxLostAttempts)
    {
        RequireAssigned();
        bool started = State == TrialState.Running;
        Return();
        if (!started)
        {
            return false;
        }

        LostAttempts++;
        LostInARow = Advanced ? 0 : LostInARow + 1;
        return LostInARow >= maxLostAttempts;
    }

    /// <summary>Goes back to be tried once more, on another worker if there is one.</summary>
    internal void Retry(Guid avoids)
    {
        Return();
        Retries++;
        Avoids = avoids;
    }

    internal void Fail(FailureKind kind, string message, DateTimeOffset now)
    {
        if (State is not (TrialState.Waiting or TrialState.Dispatched or TrialState.Running))
        {
            throw new InvalidOperationException($"Trial {Number} is {State} and cannot fail.");
        }

        ErrorKind = kind;
        ErrorMessage = message;
        Incarnation = null;
        Enter(TrialState.Failed, now);
    }

    /// <summary>A user wants a failed trial tried again, from its last checkpoint.</summary>
    internal void Revive()
    {
        if (State != TrialState.Failed)
        {
            throw new InvalidOperationException($"Trial {Number} is {State} and cannot be tried again.");
        }

        State = TrialState.Waiting;
        FinishedAt = null;
        ErrorKind = null;
        ErrorMessage = null;
        LostAttempts = 0;
        LostInARow = 0;
        Retries = 0;
    }

    /// <summary>Ends a running trial that a stopping rule gave up. Its worker keeps the slot until it no longer lists it.</summary>
    internal void Stop(DateTimeOffset now)
    {
        RequireRunning();
        Enter(TrialState.Pruned, now);
    }

    /// <summary>Ends a trial that waits at its rung.</summary>
    internal bool Prune(DateTimeOffset now)
    {
        if (State.IsFinal())
        {
            return false;
        }

        if (State != TrialState.Paused)
        {
            throw new InvalidOperationException($"Trial {Number} is {State} and cannot be pruned.");
        }

        Enter(TrialState.Pruned, now);
        return true;
    }

    /// <summary>Ends it whatever it does. A worker that runs it keeps its slot until it no longer lists it.</summary>
    internal bool Cancel(DateTimeOffset now)
    {
        if (State.IsFinal())
        {
            return false;
        }

        Enter(TrialState.Cancelled, now);
        return true;
    }

    /// <summary>Frees the slot of a cancelled or stopped trial once its worker is done with it. Returns whether it held one.</summary>
    /// <param name="attempt">The attempt that the worker no longer has.</param>
    public bool ReleaseSlot(int attempt)
    {
        if (State is not (TrialState.Cancelled or TrialState.Pruned) || Incarnation is null || Attempt != attempt)
        {
            return false;
        }

        Incarnation = null;
        return true;
    }

    /// <summary>Adds device seconds of the current attempt that are not counted yet.</summary>
    internal void CountAttempt(double totalSeconds) => AddSeconds(Math.Max(0, totalSeconds - AttemptSeconds));

    private void AddSeconds(double seconds)
    {
        DeviceSeconds += seconds;
        AttemptSeconds += seconds;
    }

    private void Summarize(TrialSummary summary, bool maximize)
    {
        Epochs = summary.Epochs;
        Value = summary.Value;
        Loss = maximize ? -summary.Value : summary.Value;
        BestEpoch = summary.BestEpoch;
        BestValue = summary.BestValue;
        LastValue = summary.LastValue;
        TrainValue = summary.TrainValue;
        Averaged = summary.Averaged;
        AverageSum = summary.Sum;
    }

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

    private void Enter(TrialState state, DateTimeOffset now)
    {
        State = state;
        if (state.IsFinal())
        {
            FinishedAt = now;
        }
    }

    private void RequireRunning()
    {
        if (State != TrialState.Running)
        {
            throw new InvalidOperationException($"Trial {Number} is {State}, not running.");
        }
    }

    private void RequireAssigned()
    {
        if (!State.IsAssigned())
        {
            throw new InvalidOperationException($"Trial {Number} is {State}, not assigned.");
        }
    }
}
