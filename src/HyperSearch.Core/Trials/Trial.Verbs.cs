namespace HyperSearch.Core.Trials;

/// <content>What can happen to a trial.</content>
public sealed partial class Trial
{
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
        HeadKept = facts.HeadKept ?? HeadKept;
        ValidationExamples = facts.ValidationExamples ?? ValidationExamples;
    }

    /// <summary>The next attempt computes its gradients over fewer examples at a time, because more did not fit.</summary>
    internal void GoOnWith(int microBatch)
    {
        RequireAssigned();
        MicroBatch = microBatch;
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

    private void Enter(TrialState state, DateTimeOffset now)
    {
        if (state is TrialState.Pruned or TrialState.Cancelled)
        {
            // Nothing goes on from it: what no row names the sweep deletes, should it not have been deleted at once.
            CheckpointKey = null;
        }

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
