using HyperSearch.Api.Persistence;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>What the rules have to see of a locked study beyond its row and one trial: a few rows each, by an index.</summary>
internal sealed class StudyLookups(Study study, KnownStudy known, SearchDb db, CancellationToken cancellationToken)
{
    /// <summary>The ordered results.</summary>
    public Standings Standings { get; } = new(db, study.Id, cancellationToken);

    /// <summary>Reads what the rules asked for before an input.</summary>
    /// <param name="trial">The trial that the input names, or null.</param>
    /// <param name="lookup">What they asked for.</param>
    public async Task<LookupResult> ReadAsync(Trial? trial, StudyLookup lookup)
    {
        LookupResult result = LookupResult.None;
        if (lookup.History)
        {
            result = result with { History = await known.ReadHistoryAsync(db, study, cancellationToken) };
        }

        if (lookup.Rung)
        {
            Rung rung = study.Rungs.First(r => r.Bracket == trial!.Bracket && r.Index == trial.Rung);
            result = result with { Rung = await Standings.NearAsync(rung.Bracket, rung.Index, rung.Cut.At, trial!.Number) };
        }

        foreach (int epoch in lookup.Epochs.Distinct())
        {
            EpochRanking ranking = await db.EpochRankings.FindAsync([study.Id, epoch], cancellationToken)
                ?? db.EpochRankings.Add(new EpochRanking(study.Id, epoch)).Entity;
            Neighbourhood near = await Standings.NearAsync(EpochRanking.Bracket, epoch, ranking.Cut.At, trial!.Number);
            result = result with { Epochs = result.Epochs.Add(epoch, (ranking, near)) };
        }

        return result;
    }

    /// <summary>What the rules want to know before they go on.</summary>
    public async Task<StudyInput?> AnswerAsync(Decision decision)
    {
        switch (decision)
        {
            case Decision.ChooseCandidates choose:
                await db.SaveChangesAsync(cancellationToken);
                IQueryable<Trial> finite = db.Trials.Where(t => t.StudyId == study.Id && t.State == TrialState.Completed && t.Loss != null && t.Confirms == null);
                List<int> best = await finite.Where(t => t.Number != Trial.BaselineNumber).OrderBy(t => t.Loss).ThenBy(t => t.Number)
                    .Select(t => t.Number).Take(choose.Top).ToListAsync(cancellationToken);
                List<int> baseline = await finite.Where(t => t.Number == choose.Baseline).Select(t => t.Number).ToListAsync(cancellationToken);
                return new StudyInput.CandidatesChosen([.. best.Union(baseline)]);
            case Decision.RankCandidates:
                await db.SaveChangesAsync(cancellationToken);
                return new StudyInput.CandidatesRead(await db.Trials.Where(t => t.StudyId == study.Id && t.Confirms != null).OrderBy(t => t.Number)
                    .Select(t => new CandidateRun(t.Number, t.Confirms!.Value, t.Seed, t.State == TrialState.Completed ? t.Value : null, t.ValidationExamples)).ToListAsync(cancellationToken));
            default:
                return null;
        }
    }
}
