using HyperSearch.Api.Persistence;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>What this process knows of a study: what never changes, and the history of its trials as far as it was read.</summary>
/// <param name="rules">Its rules.</param>
/// <param name="resolved">The resolved study as JSON, as workers get it.</param>
internal sealed class KnownStudy(StudyRules rules, string resolved)
{
    private TrialHistory _history = TrialHistory.Empty;
    private long _seen;
    private int _seenEnqueued;

    public StudyRules Rules => rules;

    /// <summary>The resolved study as JSON, as workers get it.</summary>
    public string Resolved => resolved;

    /// <summary>
    /// The history with every row that changed since it was last read: of all trials where the sampler learns from them, else
    /// of the enqueued ones. Call it under the study's lock.
    /// </summary>
    public async Task<TrialHistory> ReadHistoryAsync(SearchDb db, Study study, CancellationToken cancellationToken)
    {
        if (rules.Learns ? study.HistorySequence == _seen : study.Enqueued == _seenEnqueued)
        {
            return _history;
        }

        // Rows that changed in this transaction are part of it.
        await db.SaveChangesAsync(cancellationToken);
        long seen = _seen;
        List<Trial> changed = await db.Trials.AsNoTracking().Where(t => t.StudyId == study.Id && t.HistorySequence > seen && (rules.Learns || t.Enqueued))
            .OrderBy(t => t.HistorySequence).ThenBy(t => t.Number).ToListAsync(cancellationToken);
        changed.ForEach(_history.Update);
        (_seen, _seenEnqueued) = (study.HistorySequence, study.Enqueued);
        return _history;
    }

    /// <summary>Forgets what was read in a transaction that did not come to its end.</summary>
    public void Forget() => (_history, _seen, _seenEnqueued) = (TrialHistory.Empty, 0, 0);
}
