using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>Takes attempts from workers that are dead or never got them.</summary>
internal sealed class TakingBack(SearchDbs dbs, StudyTransactions transactions, IOptions<CoordinationOptions> options)
{
    /// <summary>Takes one attempt back; nothing happens if it is no longer current.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="incarnation">The worker that had it.</param>
    /// <param name="lost">Whether it counts as a lost attempt if it had started.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task TakeAsync(AttemptReference attempt, Guid incarnation, bool lost, CancellationToken cancellationToken) =>
        transactions.RunAsync(attempt.StudyId, async study =>
        {
            if (attempt.Kind == SegmentKind.Train)
            {
                await study.ApplyAsync(new StudyInput.TakenBack(new AttemptFence(attempt.Number, attempt.Attempt, incarnation), lost));
                if (await study.FindTrialAsync(attempt.Number) is { } trial && trial.Incarnation == incarnation)
                {
                    study.OffersChanged |= trial.ReleaseSlot(attempt.Attempt);
                }
            }
            else if (await study.Db.FindSegmentAsync(attempt, cancellationToken) is { } segment)
            {
                await TakeSegmentAsync(study, segment, attempt, incarnation, lost);
            }

            return true;
        }, cancellationToken);

    /// <summary>Takes everything from a worker.</summary>
    public async Task TakeAllAsync(Guid incarnation, bool lost, CancellationToken cancellationToken)
    {
        List<AttemptReference> held;
        await using (SearchDb db = dbs.Read())
        {
            held = await HeldAsync(db, incarnation, cancellationToken);
        }

        foreach (AttemptReference attempt in held)
        {
            await TakeAsync(attempt, incarnation, lost, cancellationToken);
        }
    }

    /// <summary>All attempts that hold a slot of that worker.</summary>
    public static async Task<List<AttemptReference>> HeldAsync(SearchDb db, Guid incarnation, CancellationToken cancellationToken)
    {
        List<AttemptReference> trials = await db.Trials.Where(t => t.Incarnation == incarnation)
            .Select(t => new AttemptReference(t.StudyId, t.Number, SegmentKind.Train, t.Attempt)).ToListAsync(cancellationToken);
        List<AttemptReference> segments = await db.Segments.Where(s => s.Incarnation == incarnation).Select(s => s.Reference()).ToListAsync(cancellationToken);
        return [.. trials, .. segments];
    }

    private async Task TakeSegmentAsync(OpenStudy study, StudySegment segment, AttemptReference attempt, Guid incarnation, bool lost)
    {
        if (!segment.IsCurrent(attempt.Attempt, incarnation))
        {
            study.OffersChanged |= segment.Incarnation == incarnation && segment.ReleaseSlot(attempt.Attempt);
            return;
        }

        study.OffersChanged = true;
        if (lost)
        {
            await EventApplication.LoseAsync(study, segment, options.Value.MaxLostAttempts);
        }
        else
        {
            segment.Return();
        }
    }
}
