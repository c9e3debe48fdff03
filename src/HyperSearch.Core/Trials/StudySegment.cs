namespace HyperSearch.Core.Trials;

/// <summary>
/// A segment that trains nothing: the scoring of one trial's model on the test split, or the study's probe. It is offered,
/// fenced and given up like a trial's. It is waiting, dispatched, running, then completed or failed.
/// </summary>
public sealed class StudySegment
{
    /// <summary>Stands for the number where the segment is of no trial.</summary>
    public const int NoTrial = -2;

    private StudySegment(string studyId, StudySegmentKind kind, int number)
    {
        StudyId = studyId;
        Kind = kind;
        Number = number;
    }

    /// <summary>The study.</summary>
    public string StudyId { get; private set; }

    /// <summary>What it does.</summary>
    public StudySegmentKind Kind { get; private set; }

    /// <summary>The trial whose model is scored; <see cref="NoTrial"/> for a probe.</summary>
    public int Number { get; private set; }

    /// <summary>Where it stands.</summary>
    public TrialState State { get; private set; } = TrialState.Waiting;

    /// <summary>The number of the latest assignment; only a fencing token.</summary>
    public int Attempt { get; private set; }

    /// <summary>The worker's life whose slot it holds, or null.</summary>
    public Guid? Incarnation { get; private set; }

    /// <summary>When the latest assignment was made.</summary>
    public DateTimeOffset? AssignedAt { get; private set; }

    /// <summary>Started attempts that ended because worker or child died.</summary>
    public int LostAttempts { get; private set; }

    /// <summary>Failures that were retried.</summary>
    public int Retries { get; private set; }

    /// <summary>The worker's life that a retry avoids while there is another.</summary>
    public Guid? Avoids { get; private set; }

    /// <summary>A scoring that waits for its first assignment.</summary>
    /// <param name="studyId">The study.</param>
    /// <param name="number">The trial whose model is scored.</param>
    public static StudySegment Evaluate(string studyId, int number) => new(studyId, StudySegmentKind.Evaluate, number);

    /// <summary>A probe that waits for its first assignment.</summary>
    /// <param name="studyId">The study.</param>
    public static StudySegment Probe(string studyId) => new(studyId, StudySegmentKind.Probe, NoTrial);

    /// <summary>Whether an event of that attempt may change it.</summary>
    /// <param name="attempt">The event's attempt.</param>
    /// <param name="incarnation">The event's sender.</param>
    public bool IsCurrent(int attempt, Guid incarnation) =>
        State.IsAssigned() && Attempt == attempt && Incarnation == incarnation;

    /// <summary>Gives it to a worker.</summary>
    /// <param name="incarnation">The worker's life.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">It does not wait.</exception>
    public void Assign(Guid incarnation, DateTimeOffset now)
    {
        Require(State == TrialState.Waiting);
        State = TrialState.Dispatched;
        Attempt++;
        Incarnation = incarnation;
        AssignedAt = now;
    }

    /// <summary>Its worker has been heard of. Returns whether that was new.</summary>
    public bool Start()
    {
        bool started = State == TrialState.Dispatched;
        State = started ? TrialState.Running : State;
        return started;
    }

    /// <summary>Goes back to be assigned again, with nothing counted.</summary>
    public void Return() => Leave(TrialState.Waiting);

    /// <summary>Worker or child died. Returns whether it has been lost too often; then it has failed.</summary>
    /// <param name="maxLostAttempts">Losses after which it fails.</param>
    public bool Lose(int maxLostAttempts)
    {
        Require(State.IsAssigned());
        LostAttempts += State == TrialState.Running ? 1 : 0;
        bool usedUp = LostAttempts >= maxLostAttempts;
        Leave(usedUp ? TrialState.Failed : TrialState.Waiting);
        return usedUp;
    }

    /// <summary>Failed; tried once more, on another worker if there is one. Returns whether it has failed for good.</summary>
    /// <param name="retryable">Whether another try can help.</param>
    public bool Fail(bool retryable)
    {
        Require(State.IsAssigned());
        bool again = retryable && Retries == 0;
        Retries += again ? 1 : 0;
        Avoids = again ? Incarnation : Avoids;
        Leave(again ? TrialState.Waiting : TrialState.Failed);
        return !again;
    }

    /// <summary>Done.</summary>
    public void Complete() => Leave(TrialState.Completed);

    /// <summary>Ended with its study. Returns whether that changed anything.</summary>
    public bool Cancel()
    {
        bool open = !State.IsFinal();
        State = open ? TrialState.Cancelled : State;
        return open;
    }

    /// <summary>Frees the slot of a cancelled segment once its worker is done with it. Returns whether it held one.</summary>
    /// <param name="attempt">The attempt that the worker no longer has.</param>
    public bool ReleaseSlot(int attempt)
    {
        if (State != TrialState.Cancelled || Incarnation is null || Attempt != attempt)
        {
            return false;
        }

        Incarnation = null;
        return true;
    }

    private void Leave(TrialState state)
    {
        Require(State.IsAssigned());
        State = state;
        Incarnation = null;
    }

    private void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The segment {Kind} of {Number} is {State}.");
        }
    }
}
