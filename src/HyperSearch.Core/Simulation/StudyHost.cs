using System.Collections.Immutable;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>
/// A study in memory: feeds the rules, stores their rows, carries out what they decide about many trials and keeps the
/// decision log, as the service does on its database. What an input costs does not grow with the number of trials.
/// </summary>
internal sealed class StudyHost
{
    private readonly SortedList<int, Trial> _trials = [];
    private readonly TrialIndex _index = new();
    private readonly TrialHistory _history = TrialHistory.Empty;
    private readonly Dictionary<int, TrialReports> _reports = [];
    private readonly SortedDictionary<int, StudySegment> _evaluations = [];
    private readonly List<DecisionLogEntry> _log = [];
    private readonly Dictionary<int, EpochRanking> _rankings = [];

    public StudyHost(StudySpec spec, int maxLostAttempts = 5)
    {
        Rules = new StudyRules(spec, maxLostAttempts);
        Study = Rules.Create("st_1", Epoch);
        Probe = Study.Probing ? StudySegment.Probe(Study.Id) : null;
    }

    /// <summary>The time at which every study in memory begins.</summary>
    public static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public StudyRules Rules { get; }

    public StudySpec Spec => Rules.Spec;

    public Study Study { get; }

    public IReadOnlyDictionary<int, Trial> Trials => _trials;

    public IEnumerable<Trial> Searched => _trials.Values.Where(t => t.IsSearched);

    public IReadOnlyDictionary<int, StudySegment> Evaluations => _evaluations;

    /// <summary>The probe before the search; null without one.</summary>
    public StudySegment? Probe { get; }

    /// <summary>The segment without training that a free slot goes to, or null.</summary>
    public StudySegment? NextSegment => !StudyRules.MayStartSegments(Study) ? null
        : Probe is { State: TrialState.Waiting } ? Probe : _evaluations.Values.FirstOrDefault(e => e.State == TrialState.Waiting);

    /// <summary>The decision log; empty unless <see cref="Logs"/>.</summary>
    public IReadOnlyList<DecisionLogEntry> Log => _log;

    public Standings Standings { get; } = new();

    /// <summary>The running averages by epoch that median stopping sees.</summary>
    public IReadOnlyDictionary<int, EpochRanking> Rankings => _rankings;

    /// <summary>The time that the rules see.</summary>
    public DateTimeOffset Now { get; set; } = Epoch;

    /// <summary>Whether the decision log is kept; default true.</summary>
    public bool Logs { get; init; } = true;

    /// <summary>Whether it looks up what the rules ask for by a decision; a replay finds the answers in its log. Default true.</summary>
    public bool Answers { get; init; } = true;

    /// <summary>Called after every input, whether it counted or not.</summary>
    public Action<StudyHost>? AfterEveryInput { get; init; }

    /// <summary>The trial's reports in order of their epochs.</summary>
    public IEnumerable<EpochReport> ReportsOf(int number) => _reports.TryGetValue(number, out TrialReports? reports) ? reports.InOrder : [];

    /// <summary>Applies one input by the rules and does what they say.</summary>
    public StudyOutcome Apply(StudyInput input)
    {
        Trial? trial = input.Trial is { } number ? _trials.GetValueOrDefault(number) : null;
        long learned = trial?.HistorySequence ?? 0;
        StudyOutcome outcome = Rules.Apply(Study, trial, input, Now, Look(trial, Rules.Lookup(Study, trial, input)));
        if (outcome.Applied)
        {
            Store(input, outcome.Created ?? trial, learned, outcome);
        }
        else if (outcome.Decisions.Count + outcome.Reports.Count > 0)
        {
            throw new InvalidOperationException($"{input} changed nothing and yet something was decided.");
        }

        AfterEveryInput?.Invoke(this);
        foreach (Decision decision in outcome.Decisions)
        {
            if (Answers && Answer(decision) is { } answer)
            {
                Apply(answer);
            }
        }

        return outcome;
    }

    /// <summary>Offers a slot to a waiting or paused trial, or to a new one.</summary>
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

    /// <summary>Whether a free slot has something to do, and which trial it goes to; null for a new one.</summary>
    public bool TryNext(out int? number)
    {
        NextStart next = Rules.Next(Study);
        number = next switch
        {
            NextStart.Waiting => _index.Waiting.First(),
            NextStart.Paused paused => paused.Number,
            NextStart.Fresh or NextStart.Nothing => null,
            _ => throw new InvalidOperationException($"Unknown start {next.GetType().Name}."),
        };
        return next is not NextStart.Nothing;
    }

    private LookupResult Look(Trial? trial, StudyLookup lookup)
    {
        if (lookup == StudyLookup.None)
        {
            return LookupResult.None;
        }

        Neighbourhood near = lookup.Rung && trial is not null && Study.Rung(trial.Bracket, trial.Rung) is { } rung
            ? Standings.Near(rung.Bracket, rung.Index, rung.Cut.At, trial.Number) : Neighbourhood.Empty;
        return new()
        {
            History = _history,
            Rung = near,
            Epochs = lookup.Epochs.IsEmpty ? LookupResult.None.Epochs : lookup.Epochs.Distinct().ToImmutableSortedDictionary(e => e, e => Look(trial!, e)),
        };
    }

    private (EpochRanking Ranking, Neighbourhood Near) Look(Trial trial, int epoch)
    {
        EpochRanking ranking = _rankings.TryGetValue(epoch, out EpochRanking? known) ? known : _rankings[epoch] = new(Study.Id, epoch);
        return (ranking, Standings.Near(EpochRanking.Bracket, epoch, ranking.Cut.At, trial.Number));
    }

    private void Store(StudyInput input, Trial? subject, long learned, StudyOutcome outcome)
    {
        if (outcome.Created is { } created)
        {
            _trials.Add(created.Number, created);
        }

        if (subject is not null)
        {
            StoreReports(subject, outcome);
            Changed(subject, learned);
        }

        if (outcome.Logged && Logs)
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

    private void StoreReports(Trial trial, StudyOutcome outcome)
    {
        if (outcome.Reports.Count > 0)
        {
            TrialReports reports = _reports.TryGetValue(trial.Number, out TrialReports? known) ? known : _reports[trial.Number] = new();
            reports.Add(outcome.Reports);
        }

        if (outcome.Decisions.Any(d => d is Decision.Assign) && _reports.TryGetValue(trial.Number, out TrialReports? kept))
        {
            kept.ForgetBeyond(trial.CheckpointEpoch);
        }
    }

    private void CarryOut(Decision decision)
    {
        switch (decision)
        {
            case Decision.Promote promote: Promote(promote); break;
            case Decision.PrunePaused: Each(_index.Paused, t => t.Prune(Now)); break;
            case Decision.EndOpen:
                Probe?.Cancel();
                Each(_index.Waiting, t => t.Cancel(Now));
                Each(_index.Paused, t => t.Prune(Now));
                break;
            case Decision.CancelAll:
                Each(_trials.Keys, t => t.Cancel(Now));
                Probe?.Cancel();
                _evaluations.Values.ToList().ForEach(e => e.Cancel());
                break;
            case Decision.RunAgain again:
                foreach (Trial run in again.Runs(Study, _trials, Now))
                {
                    _trials.Add(run.Number, run);
                    _index.Note(run);
                }

                break;
            case Decision.Score score:
                score.Numbers.ToList().ForEach(n => _evaluations.Add(n, StudySegment.Evaluate(Study.Id, n)));
                break;
            default:
                break;
        }
    }

    private StudyInput? Answer(Decision decision) => decision switch
    {
        Decision.ChooseCandidates choose => new StudyInput.CandidatesChosen(Candidates(choose)),
        Decision.RankCandidates => new StudyInput.CandidatesRead(
            [.. _trials.Values.Where(t => t.Confirms is not null).Select(t => new CandidateRun(t.Number, t.Confirms!.Value, t.Seed, t.State == TrialState.Completed ? t.Value : null, t.ValidationExamples))]),
        _ => null,
    };

    private List<int> Candidates(Decision.ChooseCandidates choose)
    {
        List<Trial> finite = [.. _trials.Values.Where(t => t is { State: TrialState.Completed, Loss: not null, Confirms: null })];
        IEnumerable<int> best = finite.Where(t => t.IsSearched).OrderBy(t => t.Loss).ThenBy(t => t.Number).Select(t => t.Number).Take(choose.Top);
        return [.. best.Union(finite.Where(t => t.Number == choose.Baseline).Select(t => t.Number))];
    }

    private void Promote(Decision.Promote promote)
    {
        List<Trial> paused = [.. _index.PausedAt(promote.Bracket, promote.Rung).Select(n => _trials[n])];
        List<Trial> best = [.. paused.Where(t => t.Loss is not null).OrderBy(t => t.Loss).ThenBy(t => t.Number).Take(promote.Count)];
        if (best.Count < promote.Count)
        {
            throw new InvalidOperationException($"{promote} takes {promote.Count} trials and {best.Count} have a value.");
        }

        Each(best.Select(t => t.Number), t =>
        {
            t.Place(promote.Bracket, promote.Rung + 1, promote.ToEpoch);
            t.HistorySequence = Study.HistorySequence;
        });
        Each(_index.PausedAt(promote.Bracket, promote.Rung), t => t.Prune(Now));
    }

    private void Each(IEnumerable<int> numbers, Action<Trial> change)
    {
        foreach (int number in numbers.ToList())
        {
            Trial trial = _trials[number];
            long learned = trial.HistorySequence;
            change(trial);
            Changed(trial, learned);
        }
    }

    private void Changed(Trial trial, long learned)
    {
        _index.Note(trial);
        if (trial.HistorySequence != learned && (Rules.Learns || trial.Enqueued))
        {
            _history.Update(trial);
        }
    }
}
