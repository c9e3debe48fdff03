using System.Linq.Expressions;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// Changes many trials of a locked study at once, past the rows that are tracked: the caller stores these first and loads afresh
/// afterwards. Every method returns the trials whose artifacts nothing needs any more.
/// </summary>
internal sealed class TrialSets(Study study, int keepTop, SearchDb db, DateTimeOffset now, CancellationToken cancellationToken)
{
    private const int NumbersAtOnce = 1_000;

    private IQueryable<Trial> Trials => db.Trials.Where(t => t.StudyId == study.Id);

    /// <summary>Decides a rung: the best paused trials go on, the others end.</summary>
    public async Task<List<int>> PromoteAsync(Decision.Promote promote)
    {
        Expression<Func<Trial, bool>> atRung = t => t.State == TrialState.Paused && t.Bracket == promote.Bracket && t.Rung == promote.Rung;
        // Within the statement: a rung may promote more numbers than a statement takes parameters.
        IQueryable<int> best = Trials.Where(atRung).Where(t => t.Loss != null).OrderBy(t => t.Loss).ThenBy(t => t.Number)
            .Take(promote.Count).Select(t => t.Number);
        await Trials.Where(t => best.Contains(t.Number)).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.State, TrialState.Waiting)
                .SetProperty(t => t.Rung, promote.Rung + 1)
                .SetProperty(t => t.ToEpoch, promote.ToEpoch)
                .SetProperty(t => t.HistorySequence, study.HistorySequence),
            cancellationToken);
        return await EndAsync(atRung, TrialState.Pruned);
    }

    /// <summary>Cancels every trial and segment that is not final.</summary>
    public async Task<List<int>> CancelAllAsync()
    {
        List<StudySegment> segments = await db.Segments.Where(s => s.StudyId == study.Id).ToListAsync(cancellationToken);
        segments.ForEach(s => s.Cancel());
        return await EndAsync(
            t => t.State == TrialState.Waiting || t.State == TrialState.Paused || t.State == TrialState.Dispatched || t.State == TrialState.Running,
            TrialState.Cancelled);
    }

    /// <summary>Ends some trials; their rows name no checkpoint any more.</summary>
    /// <param name="which">Which of the study's.</param>
    /// <param name="state">What they become.</param>
    public async Task<List<int>> EndAsync(Expression<Func<Trial, bool>> which, TrialState state)
    {
        List<int> freed = await Trials.Where(which).Where(t => t.CheckpointKey != null).Select(t => t.Number).ToListAsync(cancellationToken);
        await Trials.Where(which).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.State, state).SetProperty(t => t.FinishedAt, now).SetProperty(t => t.CheckpointKey, (string?)null),
            cancellationToken);
        return freed;
    }

    /// <summary>Only the best completed trials keep their artifacts; winner and baseline at least until they are scored.</summary>
    public async Task<List<int>> FreeBeyondTopAsync()
    {
        bool ended = study.State.IsFinal();
        int? model = study.ModelNumber;
        int? baseline = ended ? null : study.BaselineModelNumber;
        List<int> freed = await Trials
            .Where(t => t.State == TrialState.Completed && t.Number != Trial.BaselineNumber && t.CheckpointKey != null && t.Confirms == null && t.Number != baseline)
            .OrderBy(t => t.Loss == null).ThenBy(t => t.Loss).ThenBy(t => t.Number)
            .Skip(ended ? keepTop : Math.Max(1, keepTop)).Select(t => t.Number).ToListAsync(cancellationToken);
        if (ended)
        {
            freed.Add(Trial.BaselineNumber);
            freed.AddRange(await Trials.Where(t => t.CheckpointKey != null
                    && (t.State == TrialState.Failed || (t.Confirms != null && (t.Number != model || keepTop == 0))))
                .Select(t => t.Number).ToListAsync(cancellationToken));
        }

        foreach (int[] some in freed.Chunk(NumbersAtOnce))
        {
            await Trials.Where(t => some.Contains(t.Number))
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.CheckpointKey, (string?)null), cancellationToken);
        }

        return freed;
    }
}
