using System.Text.Json.Serialization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>Whatever can happen to a study. The decision log records these in order; replay feeds them to the rules again.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Offered), "offered")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Reported), "reported")]
[JsonDerivedType(typeof(SegmentCompleted), "segment_completed")]
[JsonDerivedType(typeof(SegmentReturned), "segment_returned")]
[JsonDerivedType(typeof(TrialFailed), "trial_failed")]
[JsonDerivedType(typeof(TakenBack), "taken_back")]
[JsonDerivedType(typeof(VerbGiven), "verb")]
[JsonDerivedType(typeof(TrialVerbGiven), "trial_verb")]
[JsonDerivedType(typeof(Enqueued), "enqueued")]
[JsonDerivedType(typeof(Patched), "patched")]
[JsonDerivedType(typeof(CandidatesChosen), "candidates_chosen")]
[JsonDerivedType(typeof(CandidatesRead), "candidates_read")]
[JsonDerivedType(typeof(Scored), "scored")]
[JsonDerivedType(typeof(ProbeAssigned), "probe_assigned")]
[JsonDerivedType(typeof(Probed), "probed")]
[JsonDerivedType(typeof(TimePassed), "time_passed")]
public abstract record StudyInput
{
    private StudyInput()
    {
    }

    /// <summary>The trial that the input speaks of, or null.</summary>
    [JsonIgnore]
    public virtual int? Trial => null;

    /// <summary>A free slot is offered: to a waiting trial, or to the next one that the sampler proposes.</summary>
    /// <param name="Incarnation">The life of the worker whose slot it is.</param>
    /// <param name="Number">A waiting trial, or null for a new one.</param>
    /// <param name="Rewound">The trial's summary at its checkpoint, where it had reported beyond.</param>
    public sealed record Offered(Guid Incarnation, int? Number, TrialSummary? Rewound = null) : StudyInput
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => Number;
    }

    /// <summary>A segment runs.</summary>
    /// <param name="By">The attempt and its worker.</param>
    /// <param name="Facts">How it runs.</param>
    public sealed record Started(AttemptFence By, TrialFacts Facts) : StudyInput
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => By.Number;
    }

    /// <summary>An epoch has ended.</summary>
    /// <param name="By">The attempt and its worker.</param>
    /// <param name="Report">Its metrics.</param>
    /// <param name="Checkpoint">The attempt's latest durable checkpoint, or null.</param>
    public sealed record Reported(AttemptFence By, EpochReport Report, Checkpoint? Checkpoint) : StudyInput
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => By.Number;
    }

    /// <summary>A segment is done.</summary>
    /// <param name="By">The attempt and its worker.</param>
    /// <param name="Reports">The segment's reports, in order.</param>
    /// <param name="Checkpoint">The checkpoint at its end; null when diverged.</param>
    /// <param name="DivergedEpoch">The epoch in which a loss was not finite, or null.</param>
    /// <param name="StoppedEarly">Whether early stopping ended the trial.</param>
    /// <param name="DeviceSeconds">Device seconds of the attempt.</param>
    public sealed record SegmentCompleted(AttemptFence By, IReadOnlyList<EpochReport> Reports, Checkpoint? Checkpoint, int? DivergedEpoch, bool StoppedEarly, double DeviceSeconds) : StudyInput
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => By.Number;
    }

    /// <summary>A segment is given back before its end.</summary>
    /// <param name="By">The attempt and its worker.</param>
    /// <param name="Reports">The segment's reports up to the checkpoint, in order.</param>
    /// <param name="Checkpoint">The attempt's last durable checkpoint, or null.</param>
    /// <param name="ChildDied">Whether the child process died: a lost attempt.</param>
    /// <param name="DeviceSeconds">Device seconds of the attempt.</param>
    public sealed record SegmentReturned(AttemptFence By, IReadOnlyList<EpochReport> Reports, Checkpoint? Checkpoint, bool ChildDied, double DeviceSeconds) : StudyInput
    {
        /// <summary>The smaller micro-batch that the next attempt goes on with, after this one did not fit; null leaves it as it is.</summary>
        public int? MicroBatch { get; init; }

        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => By.Number;
    }

    /// <summary>A segment failed.</summary>
    /// <param name="By">The attempt and its worker.</param>
    /// <param name="Reports">The segment's reports, in order.</param>
    /// <param name="Kind">Why.</param>
    /// <param name="Message">What went wrong, for people.</param>
    /// <param name="Retryable">Whether another try can help.</param>
    /// <param name="DeviceSeconds">Device seconds of the attempt.</param>
    public sealed record TrialFailed(AttemptFence By, IReadOnlyList<EpochReport> Reports, FailureKind Kind, string Message, bool Retryable, double DeviceSeconds) : StudyInput
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => By.Number;
    }

    /// <summary>An attempt is taken from its worker: the worker is dead, or never got it.</summary>
    /// <param name="By">The attempt and its worker.</param>
    /// <param name="Lost">Whether it counts as a lost attempt if it had started.</param>
    /// <param name="WasRunning">Whether it had started. The rules fill it in for the log, which does not hold mere starts.</param>
    public sealed record TakenBack(AttemptFence By, bool Lost, bool WasRunning = false) : StudyInput
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => By.Number;
    }

    /// <summary>A user acts on the whole study.</summary>
    /// <param name="Verb">What is asked.</param>
    public sealed record VerbGiven(StudyVerb Verb) : StudyInput;

    /// <summary>A user acts on one trial.</summary>
    /// <param name="Number">The trial.</param>
    /// <param name="Verb">What is asked.</param>
    public sealed record TrialVerbGiven(int Number, TrialVerb Verb) : StudyInput
    {
        /// <inheritdoc/>
        [JsonIgnore]
        public override int? Trial => Number;
    }

    /// <summary>A user enqueues a configuration that no trial has yet: it becomes the next trial.</summary>
    /// <param name="Parameters">The normalised configuration.</param>
    public sealed record Enqueued([property: JsonConverter(typeof(ParameterSetJsonConverter))] ParameterSet Parameters) : StudyInput;

    /// <summary>A user changes a study. Texts and labels are the host's, at any time; they only count as a change.</summary>
    /// <param name="MaxTrials">The raised number of searched trials, or null to leave it.</param>
    /// <param name="SetsMaxParallel">Whether <paramref name="MaxParallel"/> is set.</param>
    /// <param name="MaxParallel">Trials assigned at the same time; null for no limit.</param>
    /// <param name="Priority">The new priority, or null to leave it.</param>
    public sealed record Patched(int? MaxTrials, bool SetsMaxParallel, int? MaxParallel, int? Priority) : StudyInput
    {
        /// <summary>Whether it changes more than texts, which only a study that has not ended takes.</summary>
        [JsonIgnore]
        public bool ChangesLimits => MaxTrials is not null || SetsMaxParallel || Priority is not null;
    }

    /// <summary>The host's answer to <see cref="Decision.ChooseCandidates"/>, in the same transaction.</summary>
    /// <param name="Numbers">The best completed trials with a value, best first, then the baseline if it has one and is not among them.</param>
    public sealed record CandidatesChosen(IReadOnlyList<int> Numbers) : StudyInput;

    /// <summary>The host's answer to <see cref="Decision.RankCandidates"/>, in the same transaction.</summary>
    /// <param name="Runs">All runs of the confirmation, by number.</param>
    public sealed record CandidatesRead(IReadOnlyList<CandidateRun> Runs) : StudyInput;

    /// <summary>A model has been scored on the test split, or could not be.</summary>
    /// <param name="Number">The trial whose model it is.</param>
    /// <param name="Value">The metric's value, or null.</param>
    /// <param name="Examples">Test examples.</param>
    /// <param name="StandardError">Standard error of the value, or null.</param>
    /// <param name="Missing">Why there is no value, or null.</param>
    public sealed record Scored(int Number, double? Value, int Examples, double? StandardError, string? Missing) : StudyInput;

    /// <summary>The probe goes to a worker; only its first assignment counts.</summary>
    public sealed record ProbeAssigned : StudyInput;

    /// <summary>The probe has ended, with scores or without.</summary>
    /// <param name="Scores">What it measured, or null.</param>
    /// <param name="Missing">Why it measured nothing, or null.</param>
    public sealed record Probed(ProbeScores? Scores, string? Missing) : StudyInput;

    /// <summary>Time has passed: budgets of time are looked at.</summary>
    public sealed record TimePassed : StudyInput;
}
