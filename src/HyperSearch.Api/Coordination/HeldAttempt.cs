using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>What the tables say of an attempt that a worker lists or should list.</summary>
internal sealed record HeldAttempt(AttemptReference Attempt, TrialState State, Guid? Incarnation, DateTimeOffset? AssignedAt, StudyState Study)
{
    /// <summary>Whether it is assigned.</summary>
    public bool IsCurrent => State.IsAssigned();

    /// <summary>Whether it is cancelled or stopped and its worker may still be busy with it.</summary>
    public bool KeepsSlot => State is TrialState.Cancelled or TrialState.Pruned && Incarnation is not null;

    /// <summary>Whether its own end event has been applied: the heartbeat was written before, and the slot is free.</summary>
    public bool HasEnded => State is TrialState.Paused or TrialState.Completed or TrialState.Pruned or TrialState.Failed;

    public bool Is(AttemptReference attempt) => Attempt == attempt;

    /// <summary>Every row that the worker holds by the tables or lists by itself.</summary>
    public static async Task<List<HeldAttempt>> LoadAsync(SearchDb db, WorkerHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        AttemptReference[] listed = [.. heartbeat.Held, .. heartbeat.Ended];
        string[] studies = [.. listed.Select(a => a.StudyId).Distinct()];
        int[] numbers = [.. listed.Select(a => a.Number).Distinct()];
        Guid incarnation = heartbeat.Incarnation;
        List<HeldAttempt> trials = await (
            from t in db.Trials.AsNoTracking()
            join s in db.Studies on t.StudyId equals s.Id
            where t.Incarnation == incarnation || (studies.Contains(t.StudyId) && numbers.Contains(t.Number))
            select new HeldAttempt(new AttemptReference(t.StudyId, t.Number, SegmentKind.Train, t.Attempt), t.State, t.Incarnation, t.AssignedAt, s.State))
            .ToListAsync(cancellationToken);
        List<HeldAttempt> segments = await (
            from e in db.Segments.AsNoTracking()
            join s in db.Studies on e.StudyId equals s.Id
            where e.Incarnation == incarnation || (studies.Contains(e.StudyId) && numbers.Contains(e.Number))
            select new HeldAttempt(e.Reference(), e.State, e.Incarnation, e.AssignedAt, s.State))
            .ToListAsync(cancellationToken);
        return [.. trials, .. segments];
    }
}
