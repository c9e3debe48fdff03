using System.Collections.Immutable;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>
/// One search: its state, its counts and its rungs. It holds no trials, so a decision costs the same at any size.
/// Changed by <see cref="StudyRules"/> alone.
/// </summary>
public sealed partial class Study
{
    private readonly List<Rung> _rungs = [];
    private ImmutableArray<Rung> _inOrder = [];

    /// <summary>A new study, nothing assigned.</summary>
    /// <param name="id"><c>st_</c> and a sortable rest.</param>
    /// <param name="name">Unique among all undeleted studies.</param>
    /// <param name="createdAt">The time of creation.</param>
    public Study(string id, string name, DateTimeOffset createdAt)
    {
        Id = id;
        Name = name;
        CreatedAt = createdAt;
    }

    /// <summary><c>st_</c> and a sortable rest.</summary>
    public string Id { get; private set; }

    /// <summary>Unique among all undeleted studies.</summary>
    public string Name { get; private set; }

    /// <summary>Where it stands.</summary>
    public StudyState State { get; internal set; }

    /// <summary>Rises with every visible change.</summary>
    public long Version { get; internal set; } = 1;

    /// <summary>Rises with every verb.</summary>
    public long SpecVersion { get; internal set; } = 1;

    /// <summary>Number of the last entry in the decision log.</summary>
    public long LastDecision { get; internal set; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When a trial, or the probe before them, was first assigned.</summary>
    public DateTimeOffset? StartedAt { get; internal set; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? FinishedAt { get; internal set; }

    /// <summary>Since when it is paused, or null.</summary>
    public DateTimeOffset? PausedSince { get; internal set; }

    /// <summary>Seconds of earlier pauses.</summary>
    public double PausedSeconds { get; internal set; }

    /// <summary>Why it ended or is ending; null while open.</summary>
    public StopReason? StopReason { get; internal set; }

    /// <summary>The most searched trials that were asked for, without enqueued ones.</summary>
    public int MaxTrials { get; internal set; }

    /// <summary>N: searched trials that it may have now: no more than the distinct configurations of a finite space.</summary>
    public int Trials { get; internal set; }

    /// <summary>Configurations that users enqueued.</summary>
    public int Enqueued { get; internal set; }

    /// <summary>Of those, the ones that the sampler could never have proposed.</summary>
    public int EnqueuedOutside { get; internal set; }

    /// <summary>Trials assigned at the same time, or null for no limit. The baseline counts.</summary>
    public int? MaxParallel { get; internal set; }

    /// <summary>Higher is offered slots first.</summary>
    public int Priority { get; internal set; }

    /// <summary>Rises whenever a sampler has something new to learn of a trial.</summary>
    public long HistorySequence { get; internal set; }

    /// <summary>Searched trials that exist.</summary>
    public int Created { get; internal set; }

    /// <summary>Whether a free slot could go to one of its trials by its rungs and its epochs, <c>max_parallel</c> and pauses aside.</summary>
    public bool Startable { get; internal set; }

    /// <summary>Searched trials that wait for an assignment.</summary>
    public int Waiting { get; private set; }

    /// <summary>Searched trials assigned and not yet heard of.</summary>
    public int Dispatched { get; private set; }

    /// <summary>Searched trials that run.</summary>
    public int Running { get; private set; }

    /// <summary>Searched trials that wait at a rung.</summary>
    public int Paused { get; private set; }

    /// <summary>Searched trials that are complete.</summary>
    public int Completed { get; private set; }

    /// <summary>Searched trials that ended early.</summary>
    public int Pruned { get; private set; }

    /// <summary>Searched trials that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Searched trials that a user ended.</summary>
    public int Cancelled { get; private set; }

    /// <summary>State of the baseline; null when there is none yet.</summary>
    public TrialState? BaselineState { get; private set; }

    /// <summary>Trials on slots, the baseline included.</summary>
    public int Assigned { get; private set; }

    /// <summary>Failed trials, the baseline included: what <c>max_failed_trials</c> counts.</summary>
    public int FailedAll { get; private set; }

    /// <summary>Epochs executed, repeated and baseline epochs included.</summary>
    public long EpochsExecuted { get; internal set; }

    /// <summary>Epochs that current assignments have yet to run.</summary>
    public long EpochsInFlight { get; private set; }

    /// <summary>Device seconds of all ended attempts and reported epochs.</summary>
    public double DeviceSeconds { get; internal set; }

    /// <summary>The completed searched trial with the best value, or null.</summary>
    public int? BestNumber { get; internal set; }

    /// <summary>Its loss: smaller is better.</summary>
    public double? BestLoss { get; internal set; }

    /// <summary>Completed trials since the best one changed.</summary>
    public int SinceBest { get; internal set; }

    /// <summary>Where the confirmation stands.</summary>
    public ConfirmationPhase Confirmation { get; internal set; }

    /// <summary>Runs of the confirmation that wait for an assignment.</summary>
    public int ConfirmationsWaiting { get; private set; }

    /// <summary>Runs of the confirmation that have not ended.</summary>
    public int ConfirmationsOpen { get; private set; }

    /// <summary>What the confirmation came to, best first, as JSON of <see cref="Leaderboards.ConfirmedCandidate"/>s; null without one.</summary>
    public string? Confirmed { get; internal set; }

    /// <summary>The trial whose model is exported and scored; null for the best one's own.</summary>
    public int? ModelNumber { get; internal set; }

    /// <summary>The trial whose model stands for the baseline in the scoring; null for the baseline's own.</summary>
    public int? BaselineModelNumber { get; internal set; }

    /// <summary>Whether the search waits for its probe.</summary>
    public bool Probing { get; internal set; }

    /// <summary>What the probe came to, as JSON of <see cref="ProbeResult"/>; null without one.</summary>
    public string? Probe { get; internal set; }

    /// <summary>Why a probe that has ended has no result, or null.</summary>
    public string? ProbeMissing { get; internal set; }

    /// <summary>Whether the search is over and models are being scored on the test split.</summary>
    public bool Scoring { get; internal set; }

    /// <summary>Models yet to be scored.</summary>
    public int ScoresOutstanding { get; internal set; }

    /// <summary>The winner's metric on the test split; null with a reason.</summary>
    public double? TestValue { get; internal set; }

    /// <summary>The baseline's metric on the test split, or null.</summary>
    public double? TestBaselineValue { get; internal set; }

    /// <summary>Test examples, once scored.</summary>
    public int? TestExamples { get; internal set; }

    /// <summary>Standard error of the winner's test value, or null.</summary>
    public double? TestStandardError { get; internal set; }

    /// <summary>Why there is no test score, or null.</summary>
    public string? TestMissing { get; internal set; }

    /// <summary>Whether the winner is strictly better than the baseline on the test split; null without both scores.</summary>
    public bool? BeatsBaseline { get; internal set; }

    /// <summary>When it was last offered a slot.</summary>
    public DateTimeOffset? OfferedAt { get; internal set; }

    /// <summary>The rungs; empty without a ladder.</summary>
    public IReadOnlyCollection<Rung> Rungs => _rungs;

    /// <summary>The rungs by bracket and index; a database gives them in any order.</summary>
    internal ImmutableArray<Rung> RungsInOrder =>
        _inOrder.Length == _rungs.Count ? _inOrder : _inOrder = [.. _rungs.OrderBy(r => r.Bracket).ThenBy(r => r.Index)];

    internal void Add(IEnumerable<Rung> rungs) => _rungs.AddRange(rungs);

    internal Rung? Rung(int? bracket, int? index)
    {
        if (bracket is not { } b || index is not { } k)
        {
            return null;
        }

        foreach (Rung rung in RungsInOrder)
        {
            if (rung.Bracket == b && rung.Index == k)
            {
                return rung;
            }
        }

        return null;
    }
}
