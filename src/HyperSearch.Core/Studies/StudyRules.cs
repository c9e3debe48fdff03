using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>
/// Every decision of one study. Pure: an input and the rows it speaks of come in, changed rows and decisions go out.
/// The same inputs in the same order give the same decisions on every machine.
/// </summary>
public sealed partial class StudyRules
{
    private readonly ISampler _sampler;
    private readonly IScheduler _scheduler;
    private readonly MedianStoppingRule? _stopping;
    private readonly long? _distinct;
    private readonly int _shortest;
    private readonly int _maxLostAttempts;

    /// <summary>The rules of one study.</summary>
    /// <param name="spec">The resolved study.</param>
    /// <param name="maxLostAttempts">Lost attempts in a row without progress after which a trial fails; default 5.</param>
    public StudyRules(StudySpec spec, int maxLostAttempts = 5)
    {
        Spec = spec;
        _sampler = SamplerCatalog.Create(spec);
        _scheduler = SchedulerCatalog.Create(spec);
        _stopping = spec.Algorithm.Stopping is { } median ? new(median.GraceEpochs, median.MinTrials) : null;
        _distinct = SamplerCatalog.DistinctConfigurations(spec.Space, spec.Algorithm.Sampler);
        _shortest = new PlannedEpochs(spec, spec.Trials).Shortest;
        _maxLostAttempts = maxLostAttempts;
    }

    /// <summary>The resolved study.</summary>
    public StudySpec Spec { get; }

    /// <summary>Whether proposals depend on the results of earlier trials, so that the whole history is needed for one.</summary>
    public bool Learns => Spec.Algorithm.Sampler == SamplerCatalog.Tpe;

    /// <summary>A new study with its rungs.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="now">The time of creation.</param>
    public Study Create(string id, DateTimeOffset now)
    {
        Study study = new(id, Spec.Name, now) { MaxTrials = Spec.Trials, Trials = Spec.Trials, MaxParallel = Spec.MaxParallel, Priority = Spec.Priority, Probing = Spec.Probe, Startable = !Spec.Probe };
        study.Add(_scheduler.Rungs(id));
        return study;
    }

    /// <summary>Whether a free slot may be offered to the study's trials now.</summary>
    /// <param name="study">The study.</param>
    public static bool MayStart(Study study) => study.State is StudyState.Queued or StudyState.Running
        && study is { Scoring: false, Probing: false }
        && (study.MaxParallel is not { } max || study.Assigned < max);

    /// <summary>Whether a trial can still come into being.</summary>
    /// <param name="study">The study.</param>
    public bool HasNew(Study study) => study.Confirmation == ConfirmationPhase.None
        && ((Spec.Baseline && study.BaselineState is null) || study.Created < study.Trials);

    /// <summary>What a free slot would go to now.</summary>
    /// <param name="study">The study.</param>
    public NextStart Next(Study study) => MayStart(study) ? Find(study) : NextStart.Nothing.Value;

    // Before the baseline nothing starts, not even what was enqueued before it.
    private NextStart Find(Study study) => Spec.Baseline && study is { BaselineState: null, Confirmation: ConfirmationPhase.None } ? NextStart.Fresh.Value
        : study.Waiting > 0 || study.ConfirmationsWaiting > 0 || study.BaselineState == TrialState.Waiting ? NextStart.Waiting.Value
        : study.Confirmation != ConfirmationPhase.None ? NextStart.Nothing.Value
        : Promotable(study) is { } candidate ? new NextStart.Paused(candidate.Number)
        : HasNew(study) ? NextStart.Fresh.Value
        : NextStart.Nothing.Value;

    /// <summary>What has to be looked up before an input is applied.</summary>
    /// <param name="study">The study, with its rungs.</param>
    /// <param name="trial">The trial that the input names; null where it names none.</param>
    /// <param name="input">What has happened.</param>
    public StudyLookup Lookup(Study study, Trial? trial, StudyInput input)
    {
        if (study.State.IsFinal())
        {
            return StudyLookup.None;
        }

        bool proposes = input is StudyInput.Offered { Number: null };
        bool ends = input is StudyInput.SegmentCompleted or StudyInput.SegmentReturned or StudyInput.TakenBack or StudyInput.Offered or StudyInput.TrialVerbGiven;
        bool rung = ends && trial is { IsSearched: true } && study.Rung(trial.Bracket, trial.Rung) is { } r && _scheduler.Places(r) is not null;
        return proposes || rung || _stopping is not null
            ? new(proposes, rung, _stopping is null || trial is null or { IsSearched: false } ? [] : AveragedEpochs(trial, input))
            : StudyLookup.None;
    }

    /// <summary>What a verb would do; nothing is changed.</summary>
    /// <param name="state">The study's state.</param>
    /// <param name="verb">The verb.</param>
    public static VerbOutcome Check(StudyState state, StudyVerb verb) => (state, verb) switch
    {
        (StudyState.Queued or StudyState.Running, StudyVerb.Pause) => VerbOutcome.Changed,
        (StudyState.Paused, StudyVerb.Pause) => VerbOutcome.Unchanged,
        (_, StudyVerb.Pause) => VerbOutcome.Illegal,
        (StudyState.Paused, StudyVerb.Resume) => VerbOutcome.Changed,
        (StudyState.Queued or StudyState.Running, StudyVerb.Resume) => VerbOutcome.Unchanged,
        (_, StudyVerb.Resume) => VerbOutcome.Illegal,
        (StudyState.Queued or StudyState.Running or StudyState.Paused, StudyVerb.Stop) => VerbOutcome.Changed,
        (StudyState.Stopping or StudyState.Stopped, StudyVerb.Stop) => VerbOutcome.Unchanged,
        (_, StudyVerb.Stop) => VerbOutcome.Illegal,
        (StudyState.Cancelled, StudyVerb.Cancel) => VerbOutcome.Unchanged,
        (_, StudyVerb.Cancel) => state.IsFinal() ? VerbOutcome.Illegal : VerbOutcome.Changed,
        _ => throw new InvalidOperationException($"Unknown verb {verb}."),
    };

    /// <summary>Applies one input. Rows are changed in place; the outcome says what else the host has to do.</summary>
    /// <param name="study">The study, with its rungs.</param>
    /// <param name="trial">The trial that the input names; null where it names none.</param>
    /// <param name="input">What has happened.</param>
    /// <param name="now">The time.</param>
    /// <param name="view">What <see cref="Lookup"/> asked for.</param>
    public StudyOutcome Apply(Study study, Trial? trial, StudyInput input, DateTimeOffset now, LookupResult? view = null)
    {
        StudyOutcome outcome = new();
        if (study.State.IsFinal() && input is not StudyInput.Patched { ChangesLimits: false })
        {
            return outcome;
        }

        Step step = new(study, trial, outcome, now, view ?? LookupResult.None);
        switch (input)
        {
            case StudyInput.Offered offered: Offer(step, offered); break;
            case StudyInput.Started started: Start(step, started); break;
            case StudyInput.Reported reported: Report(step, reported); break;
            case StudyInput.SegmentCompleted completed: CompleteSegment(step, completed); break;
            case StudyInput.SegmentReturned returned: ReturnSegment(step, returned); break;
            case StudyInput.TrialFailed failed: FailTrial(step, failed); break;
            case StudyInput.TakenBack taken: TakeBack(step, taken); break;
            case StudyInput.VerbGiven given: Obey(step, given.Verb); break;
            case StudyInput.TrialVerbGiven given: Obey(step, given.Verb); break;
            case StudyInput.Enqueued enqueued: Enqueue(step, enqueued.Parameters); break;
            case StudyInput.Patched patched: Patch(step, patched); break;
            case StudyInput.CandidatesChosen chosen: Choose(step, chosen); break;
            case StudyInput.CandidatesRead read: Rank(step, read); break;
            case StudyInput.Scored scored: Score(step, scored); break;
            case StudyInput.ProbeAssigned: BeginProbe(step); break;
            case StudyInput.Probed probed: EndProbe(step, probed); break;
            case StudyInput.TimePassed: PassTime(step); break;
            default: throw new InvalidOperationException($"Unknown input {input.GetType().Name}.");
        }

        if (outcome.Applied)
        {
            Settle(step);
            study.Startable = !study.State.IsFinal() && study is { Scoring: false, Probing: false } && Find(study) is not NextStart.Nothing && !NothingFits(study);
            study.Version++;
        }

        return outcome;
    }

    private void Offer(Step step, StudyInput.Offered offered)
    {
        (Study study, StudyOutcome outcome) = (step.Study, step.Outcome);
        if (offered.Number is not null && step.Trial is null)
        {
            throw new InvalidOperationException($"There is no trial {offered.Number} to offer a slot to.");
        }

        Candidate? goesOn = step.Trial is { State: TrialState.Paused } ? Promotable(study) : null;
        if (!MayStart(study) || (step.Trial is null && !HasNew(study)) || (step.Trial is { State: TrialState.Paused } && goesOn?.Number != step.Trial.Number))
        {
            return;
        }

        Trial trial = step.Trial ?? Propose(study, step.View.History, step.Now);
        if (Spec.MaxEpochsTotal is { } most
            && study.EpochsExecuted + study.EpochsInFlight + ((goesOn?.ToEpoch ?? trial.ToEpoch) - trial.CheckpointEpoch) > most)
        {
            // What runs may end early and leave room; with nothing running the budget is used up.
            if (study.Assigned == 0)
            {
                outcome.Applied = true;
                BeginEnding(step, StopReason.MaxEpochsTotal);
            }

            return;
        }

        outcome.Applied = true;
        if (step.Trial is null)
        {
            Add(step, trial);
        }

        if (goesOn is { } promoted)
        {
            GoOn(step, trial, promoted);
        }

        TrialSummary? rewound = Rewound(step.Trial, offered);
        if (rewound is { } summary)
        {
            Forget(step, trial, summary.Averaged);
        }

        TrialStanding before = TrialStanding.Of(trial);
        trial.Assign(offered.Incarnation, rewound, Spec.Objective.Maximize, step.Now);
        study.Count(trial, before);
        outcome.Decide(new Decision.Assign(trial.Number, trial.Attempt, trial.CheckpointEpoch, trial.ToEpoch));
        study.StartedAt ??= step.Now;
        study.OfferedAt = step.Now;
        study.State = StudyState.Running;
    }

    /// <summary>The baseline comes first, then the searched trials by number.</summary>
    private Trial Propose(Study study, TrialHistory history, DateTimeOffset now)
    {
        if (Spec.Baseline && study.BaselineState is null)
        {
            ParameterSet defaults = Spec.Space.Constants.Normalize();
            return new Trial(study.Id, Trial.BaselineNumber, defaults, Spec.TrainingSeed(Trial.BaselineNumber), now);
        }

        return Searched(study, _sampler.Propose(study.Created, history), now);
    }

    /// <summary>The next searched trial, on its first rung.</summary>
    private Trial Searched(Study study, Proposal proposal, DateTimeOffset now)
    {
        int number = study.Created;
        Trial trial = new(study.Id, number, proposal.Parameters, Spec.TrainingSeed(number), now) { Cell = proposal.Cell };
        Placement place = _scheduler.Place(number, trial.FullEpochs);
        trial.Place(place.Bracket, place.Rung, place.ToEpoch);
        return trial;
    }

    private static void Add(Step step, Trial trial)
    {
        Study study = step.Study;
        step.Outcome.Created = trial;
        study.Created += trial.IsBaseline ? 0 : 1;
        study.Count(trial, null);
        step.Outcome.Decide(new Decision.Create(trial.Number, trial.Cell, trial.Fingerprint.ToString("x16", CultureInfo.InvariantCulture)));
    }

    // The change is a static function of its argument: a closure would be made for every event.
    private static void Counted<T>(Study study, Trial trial, T with, Action<Trial, T> change)
    {
        TrialStanding before = TrialStanding.Of(trial);
        change(trial, with);
        study.Count(trial, before);
    }

    private sealed record Step(Study Study, Trial? Trial, StudyOutcome Outcome, DateTimeOffset Now, LookupResult View);
}
