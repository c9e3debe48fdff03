using HyperSearch.Api.Persistence;
using HyperSearch.Api.Trials;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>A locked study within its transaction: applies inputs, carries out what the rules decide about many trials, and gathers what is to be done after the commit.</summary>
internal sealed class OpenStudy(Study study, KnownStudy known, SearchDb db, DateTimeOffset now, CancellationToken cancellationToken)
{
    private readonly Dictionary<int, Trial?> _trials = [];
    private readonly List<Report> _reports = [];
    private readonly StudyLookups _lookups = new(study, known, db, cancellationToken);
    private readonly TrialSets _sets = new(study, known.Rules.Spec.KeepTop, db, now, cancellationToken);

    public Study Study => study;

    public StudyRules Rules => known.Rules;

    /// <summary>The resolved study as JSON, as workers get it.</summary>
    public string Resolved => known.Resolved;

    public StudySpec Spec => known.Rules.Spec;

    public SearchDb Db => db;

    /// <summary>The database's time when the lock was had.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Attempts to stop after the commit.</summary>
    public List<(Guid Incarnation, StopTrial Command)> Stops { get; } = [];

    /// <summary>Artifact folders that nothing needs any more.</summary>
    public List<string> FreedKeys { get; } = [];

    /// <summary>Trials whose artifacts nothing needs any more.</summary>
    public List<int> FreedTrials { get; } = [];

    /// <summary>Whether a slot may have become free or a trial may have become assignable.</summary>
    public bool OffersChanged { get; set; }

    /// <summary>Whether anything visible changed.</summary>
    public bool Changed { get; private set; }

    /// <summary>Loads the trials that a batch names, in one query.</summary>
    public async Task LoadTrialsAsync(IEnumerable<int> numbers)
    {
        int[] missing = [.. numbers.Distinct().Where(n => !_trials.ContainsKey(n))];
        if (missing.Length == 0)
        {
            return;
        }

        List<Trial> found = await db.Trials.Where(t => t.StudyId == study.Id && missing.Contains(t.Number)).ToListAsync(cancellationToken);
        foreach (int number in missing)
        {
            _trials[number] = found.Find(t => t.Number == number);
        }
    }

    public async Task<Trial?> FindTrialAsync(int number)
    {
        await LoadTrialsAsync([number]);
        return _trials[number];
    }

    /// <summary>Applies one input by the rules and does what they say. Returns what it came to.</summary>
    public async Task<StudyOutcome> ApplyAsync(StudyInput input)
    {
        Trial? trial = input.Trial is { } number ? await FindTrialAsync(number) : null;
        bool wasAssigned = trial?.State.IsAssigned() == true;
        StudyOutcome outcome = known.Rules.Apply(study, trial, input, now, await _lookups.ReadAsync(trial, known.Rules.Lookup(study, trial, input)));
        if (!outcome.Applied)
        {
            return outcome;
        }

        Changed = true;
        OffersChanged |= outcome.Decisions.Count > 0;
        if (outcome.Created is { } created)
        {
            db.Trials.Add(created);
            _trials[created.Number] = created;
        }

        Trial? subject = outcome.Created ?? trial;
        _reports.AddRange(outcome.Reports.Select(r => Report.From(study.Id, subject!.Number, r)));
        FreedKeys.AddRange(outcome.ReplacedCheckpoints);
        // A failed trial may be tried again from its checkpoint as long as the study is open.
        if (subject is { State: TrialState.Pruned or TrialState.Cancelled } && (wasAssigned || outcome.Decisions.Any(d => d is Decision.Cancel)))
        {
            FreedTrials.Add(subject.Number);
        }

        foreach (StandingChange change in outcome.Standings)
        {
            await _lookups.Standings.StoreAsync(change);
        }

        if (outcome.Logged)
        {
            db.Decisions.Add(DecisionLogEntry.Next(study, input, outcome, now));
        }

        foreach (Decision decision in outcome.Decisions)
        {
            await CarryOutAsync(decision);
            if (await _lookups.AnswerAsync(decision) is { } answer)
            {
                await ApplyAsync(answer);
            }
        }

        return outcome;
    }

    /// <summary>The summary of a trial at its checkpoint, where it had reported beyond; else null.</summary>
    public async Task<TrialSummary?> SummaryAtCheckpointAsync(Trial trial)
    {
        if (trial.CheckpointEpoch >= trial.Epochs)
        {
            return null;
        }

        await FlushReportsAsync();
        int epoch = trial.CheckpointEpoch;
        List<Report> kept = await db.Reports.AsNoTracking()
            .Where(r => r.StudyId == study.Id && r.Number == trial.Number && r.Epoch <= epoch).OrderBy(r => r.Epoch).ToListAsync(cancellationToken);
        return TrialSummary.Of(kept.Select(r => r.ToEpochReport()), Spec.Objective) with { Epochs = epoch };
    }

    /// <summary>Deletes the reports beyond the epoch that a new assignment starts from.</summary>
    public Task ForgetReportsAsync(int number, int beyondEpoch) =>
        db.Reports.Where(r => r.StudyId == study.Id && r.Number == number && r.Epoch > beyondEpoch).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Writes everything that is not yet in the database; called once, before the commit.</summary>
    public async Task StoreAsync()
    {
        if (Changed)
        {
            db.Feed.Add(new FeedEntry { StudyId = study.Id, Version = study.Version, At = now });
        }

        await db.SaveChangesAsync(cancellationToken);
        await FlushReportsAsync();
        if (OffersChanged)
        {
            await db.Sql.NotifyOffersAsync(db, cancellationToken);
        }
    }

    private async Task FlushReportsAsync()
    {
        if (_reports.Count > 0)
        {
            // Reports refer to their trials' rows.
            await db.SaveChangesAsync(cancellationToken);
            await db.Sql.InsertReportsAsync(db, _reports, cancellationToken);
            _reports.Clear();
        }
    }

    private async Task CarryOutAsync(Decision decision)
    {
        switch (decision)
        {
            case Decision.Promote promote:
                await BeginSetAsync();
                FreedTrials.AddRange(await _sets.PromoteAsync(promote));
                break;
            case Decision.Stop stop:
                StopHeld(stop.Number);
                break;
            case Decision.Cancel cancel:
                StopHeld(cancel.Number);
                break;
            case Decision.PrunePaused:
                await BeginSetAsync();
                FreedTrials.AddRange(await _sets.EndAsync(t => t.State == TrialState.Paused, TrialState.Pruned));
                break;
            case Decision.EndOpen:
                await BeginSetAsync();
                await EndProbeAsync();
                FreedTrials.AddRange(await _sets.EndAsync(t => t.State == TrialState.Waiting, TrialState.Cancelled));
                FreedTrials.AddRange(await _sets.EndAsync(t => t.State == TrialState.Paused, TrialState.Pruned));
                break;
            case Decision.CancelAll:
                await BeginSetAsync();
                await StopHeldAsync(StopKind.StopNow);
                await StopSegmentsAsync();
                FreedTrials.AddRange(await _sets.CancelAllAsync());
                break;
            case Decision.RunAgain again:
                await LoadTrialsAsync(again.Numbers);
                db.Trials.AddRange(again.Runs(study, again.Numbers.ToDictionary(n => n, n => _trials[n]!), now));
                break;
            case Decision.Score score:
                db.Segments.AddRange(score.Numbers.Select(n => StudySegment.Evaluate(study.Id, n)));
                break;
            case Decision.Complete or Decision.Finish:
                await db.SaveChangesAsync(cancellationToken);
                FreedTrials.AddRange(await _sets.FreeBeyondTopAsync());
                break;
            case Decision.Enter { State: StudyState.Paused }:
                await StopHeldAsync(StopKind.FinishEpoch);
                break;
            case Decision.Create or Decision.ProposeFreezing or Decision.Assign or Decision.GoOn or Decision.ChooseCandidates or Decision.RankCandidates or Decision.AwaitRung or Decision.Prune or Decision.Return or Decision.Fail or Decision.Enter:
                break;
            default:
                throw new InvalidOperationException($"Unknown decision {decision.GetType().Name}.");
        }
    }

    private void StopHeld(int number)
    {
        if (_trials[number] is { Incarnation: { } incarnation } trial)
        {
            Stops.Add((incarnation, new StopTrial(new AttemptReference(study.Id, number, SegmentKind.Train, trial.Attempt), StopKind.StopNow)));
        }
    }

    /// <summary>A probe that has not ended is cancelled; its worker is told.</summary>
    private async Task EndProbeAsync()
    {
        if (await db.Segments.SingleOrDefaultAsync(s => s.StudyId == study.Id && s.Kind == StudySegmentKind.Probe, cancellationToken) is { } probe
            && probe.Cancel() && probe.Incarnation is { } incarnation)
        {
            Stops.Add((incarnation, new StopTrial(probe.Reference(), StopKind.StopNow)));
        }
    }

    private async Task StopHeldAsync(StopKind how)
    {
        var held = await db.Trials.Where(t => t.StudyId == study.Id && t.Incarnation != null)
            .Select(t => new { t.Number, t.Attempt, t.Incarnation }).ToListAsync(cancellationToken);
        Stops.AddRange(held.Select(h => (h.Incarnation!.Value, new StopTrial(new AttemptReference(study.Id, h.Number, SegmentKind.Train, h.Attempt), how))));
    }

    private async Task StopSegmentsAsync()
    {
        List<StudySegment> held = await db.Segments.Where(s => s.StudyId == study.Id && s.Incarnation != null).ToListAsync(cancellationToken);
        Stops.AddRange(held.Select(s => (s.Incarnation!.Value, new StopTrial(s.Reference(), StopKind.StopNow))));
    }

    /// <summary>Set-based changes go past the tracked rows: store these first and load afresh afterwards.</summary>
    private async Task BeginSetAsync()
    {
        await db.SaveChangesAsync(cancellationToken);
        foreach (Trial? trial in _trials.Values.Where(t => t is not null))
        {
            db.Entry(trial!).State = EntityState.Detached;
        }

        _trials.Clear();
    }
}
