using System.Collections.Immutable;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>A host in memory: feeds the rules, stores their rows, carries out what they decide about many trials and keeps the log.</summary>
internal sealed class StudyHost
{
    private readonly SortedList<int, Trial> _trials = [];
    private readonly Dictionary<int, SortedDictionary<int, EpochReport>> _reports = [];
    private readonly SortedDictionary<int, Evaluation> _evaluations = [];
    private readonly List<DecisionLogEntry> _log = [];
    private readonly Dictionary<int, EpochRanking> _rankings = [];

    public StudyHost(StudySpec spec, int maxLostAttempts = 5)
    {
        Rules = new StudyRules(spec, maxLostAttempts);
        Study = Rules.Create("st_1", Epoch);
    }

    /// <summary>The time at which every test begins.</summary>
    public static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public StudyRules Rules { get; }

    public StudySpec Spec => Rules.Spec;

    public Study Study { get; }

    public IReadOnlyDictionary<int, Trial> Trials => _trials;

    public IEnumerable<Trial> Searched => _trials.Values.Where(t => !t.IsBaseline);

    public IReadOnlyDictionary<int, Evaluation> Evaluations => _evaluations;

    public IReadOnlyList<DecisionLogEntry> Log => _log;

    public Standings Standings { get; } = new();

    public IReadOnlyDictionary<int, EpochRanking> Rankings => _rankings;

    /// <summary>The numbers that every promotion took, in order.</summary>
    public List<IReadOnlyList<int>> PromotedSets { get; } = [];

    public DateTimeOffset Now { get; set; } = Epoch;

    /// <summary>Whether every input is followed by a recount of all rows.</summary>
    public bool Recounts { get; init; } = true;

    public IEnumerable<EpochReport> ReportsOf(int number) => _reports.TryGetValue(number, out var reports) ? reports.Values : [];

    public StudyOutcome Apply(StudyInput input)
    {
        Trial? trial = input.Trial is { } number ? _trials.GetValueOrDefault(number) : null;
        StudyOutcome outcome = Rules.Apply(Study, trial, input, Now, Look(trial, Rules.Lookup(Study, trial, input)));
        if (outcome.Applied)
        {
            Store(input, trial, outcome);
        }
        else
        {
            outcome.Decisions.ShouldBeEmpty();
            outcome.Reports.ShouldBeEmpty();
        }

        if (Recounts)
        {
            Recount.Check(this);
        }

        return outcome;
    }

    /// <summary>Offers a slot to a waiting trial, or to a new one.</summary>
    public StudyOutcome Offer(Guid incarnation, int? number = null)
    {
        TrialSummary? rewound = null;
        if (number is { } n && _trials[n] is { } trial && trial.CheckpointEpoch < trial.Epochs)
        {
            rewound = TrialSummary.Of(ReportsOf(n).TakeWhile(r => r.Epoch <= trial.CheckpointEpoch), Spec.Objective)
                with { Epochs = trial.CheckpointEpoch };
        }

        return Apply(new StudyInput.Offered(incarnation, number, rewound));
    }

    /// <summary>The trial that a free slot goes to; null for a new one.</summary>
    public bool TryNext(out int? number, Guid? incarnation = null)
    {
        NextStart next = Rules.Next(Study);
        number = next switch
        {
            NextStart.Waiting => _trials.Values.Where(t => t.State == TrialState.Waiting).OrderBy(t => t.Avoids is { } avoided && avoided == incarnation).First().Number,
            NextStart.Paused paused => paused.Number,
            _ => null,
        };
        return next is not NextStart.Nothing;
    }

    private LookupResult Look(Trial? trial, StudyLookup lookup)
    {
        LookupResult view = new();
        if (lookup.Rung && Study.Rungs.First(r => r.Bracket == trial!.Bracket && r.Index == trial.Rung) is { } rung)
        {
            view = view with { Rung = Standings.Near(rung.Bracket, rung.Index, rung.Cut.At, trial!.Number) };
        }

        return view with { Epochs = lookup.Epochs.Distinct().ToImmutableSortedDictionary(e => e, e => Look(trial!, e)) };
    }

    private (EpochRanking Ranking, Neighbourhood Near) Look(Trial trial, int epoch)
    {
        EpochRanking ranking = _rankings.TryGetValue(epoch, out EpochRanking? known) ? known : _rankings[epoch] = new(Study.Id, epoch);
        return (ranking, Standings.Near(EpochRanking.Bracket, epoch, ranking.Cut.At, trial.Number));
    }

    private void Store(StudyInput input, Trial? trial, StudyOutcome outcome)
    {
        if (outcome.Created is { } created)
        {
            _trials.Add(created.Number, created);
        }

        if ((outcome.Created ?? trial) is { } subject)
        {
            SortedDictionary<int, EpochReport> reports = _reports.TryGetValue(subject.Number, out var known) ? known : _reports[subject.Number] = [];
            foreach (EpochReport report in outcome.Reports)
            {
                reports.TryAdd(report.Epoch, report);
            }

            if (outcome.Decisions.Any(d => d is Decision.Assign))
            {
                reports.Keys.Where(e => e > subject.CheckpointEpoch).ToList().ForEach(e => reports.Remove(e));
            }
        }

        if (outcome.Logged)
        {
            _log.Add(DecisionLogEntry.Next(Study, input, outcome, Now));
        }

        foreach (StandingChange change in outcome.Standings)
        {
            Standings.Store(change);
        }

        foreach (Decision decision in outcome.Decisions)
        {
            CarryOut(decision);
        }
    }

    private void CarryOut(Decision decision)
    {
        switch (decision)
        {
            case Decision.Promote promote: Promote(promote); break;
            case Decision.PrunePaused: In(TrialState.Paused).ForEach(t => t.Prune(Now)); break;
            case Decision.EndOpen:
                In(TrialState.Waiting).ForEach(t => t.Cancel(Now));
                In(TrialState.Paused).ForEach(t => t.Prune(Now));
                break;
            case Decision.CancelAll:
                _trials.Values.ToList().ForEach(t => t.Cancel(Now));
                _evaluations.Values.ToList().ForEach(e => e.Cancel());
                break;
            case Decision.Score score:
                score.Numbers.ToList().ForEach(n => _evaluations.Add(n, new Evaluation(Study.Id, n)));
                break;
            default:
                break;
        }
    }

    private void Promote(Decision.Promote promote)
    {
        List<Trial> paused = In(TrialState.Paused).FindAll(t => t.Bracket == promote.Bracket && t.Rung == promote.Rung);
        List<Trial> best = [.. paused.Where(t => t.Loss is not null).OrderBy(t => t.Loss).ThenBy(t => t.Number).Take(promote.Count)];
        best.Count.ShouldBe(promote.Count, "a promotion takes finite values only");
        best.ForEach(t =>
        {
            t.Place(promote.Bracket, promote.Rung + 1, promote.ToEpoch);
            t.HistorySequence = Study.HistorySequence;
        });
        paused.Except(best).ToList().ForEach(t => t.Prune(Now));
        PromotedSets.Add([.. best.Select(t => t.Number).Order()]);
    }

    private List<Trial> In(TrialState state) => [.. _trials.Values.Where(t => t.State == state)];
}
