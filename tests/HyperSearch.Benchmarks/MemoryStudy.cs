using System.Collections.Immutable;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Benchmarks;

/// <summary>A study on sixteen slots in memory that stores only what the rules ask for: open trials, ordered results and, where the sampler learns, the history.</summary>
internal sealed class MemoryStudy(StudySpec spec, RuleMeter meter)
{
    private const int Slots = 16;

    private static readonly Guid Worker = new(1, 0, 0, new byte[8]);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StudyRules _rules = new(spec);
    private readonly Dictionary<int, Trial> _open = [];
    private readonly Queue<Trial> _waiting = new();
    private readonly Dictionary<(int Bracket, int Rung), List<Trial>> _paused = [];
    private readonly Standings _standings = new();
    private readonly Dictionary<int, EpochRanking> _rankings = [];
    private readonly TrialHistory _history = TrialHistory.Empty;
    private Study? _study;

    private Study Study => _study ??= _rules.Create("st_1", Now);

    /// <summary>Runs it to its end.</summary>
    public void Run()
    {
        Queue<Trial> running = new();
        do
        {
            while (running.Count < Slots && Offer() is { } started)
            {
                running.Enqueue(started);
            }

            Train(running.Dequeue());
        }
        while (!Study.State.IsFinal());
    }

    private Trial? Offer()
    {
        meter.Start();
        NextStart next = _rules.Next(Study);
        meter.Stop(DecisionKind.Offer);
        if (next is NextStart.Nothing)
        {
            return null;
        }

        Trial? trial = next switch
        {
            NextStart.Waiting => _waiting.Dequeue(),
            NextStart.Paused paused => _open[paused.Number],
            _ => null,
        };
        StudyOutcome outcome = Apply(DecisionKind.Offer, trial, new StudyInput.Offered(Worker, trial?.Number));
        return trial ?? outcome.Created;
    }

    private void Train(Trial trial)
    {
        AttemptFence fence = new(trial.Number, trial.Attempt, Worker);
        List<EpochReport> reports = [];
        double quality = StableMix.Unit(StableMix.Fold(1, (ulong)trial.Number));
        for (int epoch = trial.FromEpoch + 1; epoch <= trial.ToEpoch && trial.State.IsAssigned(); epoch++)
        {
            reports.Add(new EpochReport { Epoch = epoch, ValLoss = quality + (1.0 / epoch), Seconds = 1 });
            Apply(DecisionKind.Report, trial, new StudyInput.Reported(fence, reports[^1], null));
        }

        if (trial.State.IsAssigned())
        {
            Apply(DecisionKind.End, trial, new StudyInput.SegmentCompleted(fence, reports, new Checkpoint(trial.ToEpoch, "key"), null, false, reports.Count));
        }
    }

    private StudyOutcome Apply(DecisionKind kind, Trial? trial, StudyInput input)
    {
        meter.Count(kind);
        meter.Start();
        StudyLookup lookup = _rules.Lookup(Study, trial, input);
        meter.Stop(kind);
        LookupResult found = Look(trial, lookup);
        meter.Start();
        StudyOutcome outcome = _rules.Apply(Study, trial, input, Now, found);
        meter.Stop(kind);
        Store(kind, outcome.Created ?? trial!, outcome);
        return outcome;
    }

    private LookupResult Look(Trial? trial, StudyLookup lookup)
    {
        if (lookup == StudyLookup.None)
        {
            return LookupResult.None;
        }

        ImmutableSortedDictionary<int, (EpochRanking, Neighbourhood)> epochs = LookupResult.None.Epochs;
        foreach (int epoch in lookup.Epochs)
        {
            EpochRanking ranking = _rankings.TryGetValue(epoch, out EpochRanking? known) ? known : _rankings[epoch] = new(Study.Id, epoch);
            epochs = epochs.SetItem(epoch, (ranking, _standings.Near(EpochRanking.Bracket, epoch, ranking.Cut.At, trial!.Number)));
        }

        return new()
        {
            History = _history,
            Rung = lookup.Rung && Study.Rung(trial!.Bracket, trial.Rung) is { } rung
                ? _standings.Near(rung.Bracket, rung.Index, rung.Cut.At, trial.Number) : Neighbourhood.Empty,
            Epochs = epochs,
        };
    }

    private void Store(DecisionKind kind, Trial trial, StudyOutcome outcome)
    {
        foreach (StandingChange change in outcome.Standings)
        {
            _standings.Store(change);
        }

        if (trial.State.IsFinal())
        {
            _open.Remove(trial.Number);
        }
        else
        {
            _open[trial.Number] = trial;
        }

        if (_rules.Learns)
        {
            meter.Start();
            _history.Update(trial);
            meter.Stop(kind);
        }

        foreach (Decision decision in outcome.Decisions)
        {
            if (decision is Decision.AwaitRung)
            {
                At(trial.Bracket!.Value, trial.Rung!.Value).Add(trial);
            }
            else if (decision is Decision.Promote promote)
            {
                Promote(promote);
            }
        }
    }

    private void Promote(Decision.Promote promote)
    {
        List<Trial> paused = At(promote.Bracket, promote.Rung);
        foreach (Trial trial in paused.OrderBy(t => t.Loss).ThenBy(t => t.Number).Take(promote.Count))
        {
            trial.Place(promote.Bracket, promote.Rung + 1, promote.ToEpoch);
            _waiting.Enqueue(trial);
        }

        paused.Clear();
    }

    private List<Trial> At(int bracket, int rung) => _paused.TryGetValue((bracket, rung), out List<Trial>? there) ? there : _paused[(bracket, rung)] = [];
}
