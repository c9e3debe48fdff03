using HyperSearch.Api.Persistence;
using HyperSearch.Api.Workers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>Renews leases and compares what a worker lists with what the tables say; the tables are right.</summary>
internal sealed class Heartbeats(SearchDbs dbs, TakingBack takingBack, OfferSignal offers, IOptions<CoordinationOptions> options, TimeProvider time)
{
    /// <summary>Applies one heartbeat and answers it; null for one that is older than the last.</summary>
    public async Task<HeartbeatAnswer?> ApplyAsync(WorkerHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        List<AttemptReference> neverReceived = [];
        HeartbeatAnswer answer;
        await using (WriteTransaction transaction = await dbs.WriteAsync(cancellationToken))
        {
            SearchDb db = transaction.Db;
            DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
            WorkerRow worker = await FindAsync(db, heartbeat, now, cancellationToken);
            if (heartbeat.Sequence <= worker.HeartbeatSequence)
            {
                return null;
            }

            List<HeldAttempt> rows = await HeldAttempt.LoadAsync(db, heartbeat, cancellationToken);
            bool changed = Renew(worker, heartbeat, rows, now);
            neverReceived.AddRange(Missing(worker, heartbeat, rows));
            changed |= await ReleaseAsync(db, heartbeat, rows, cancellationToken);
            answer = Answer(worker, heartbeat, rows, now);
            await transaction.CommitAsync(cancellationToken);
            if (changed)
            {
                offers.Set();
            }
        }

        foreach (AttemptReference attempt in neverReceived)
        {
            await takingBack.TakeAsync(attempt, heartbeat.Incarnation, lost: false, cancellationToken);
        }

        return answer;
    }

    private static async Task<WorkerRow> FindAsync(SearchDb db, WorkerHeartbeat heartbeat, DateTimeOffset now, CancellationToken cancellationToken)
    {
        WorkerRow? worker = await db.Sql.LockWorker(db, heartbeat.Incarnation).SingleOrDefaultAsync(cancellationToken);
        if (worker is null)
        {
            worker = new WorkerRow { Incarnation = heartbeat.Incarnation, RegisteredAt = now, State = WorkerState.Lost, HeartbeatSequence = -1 };
            db.Workers.Add(worker);
        }

        return worker;
    }

    /// <summary>Renews the lease. Returns whether slots may have become free, or of use to more studies.</summary>
    private bool Renew(WorkerRow worker, WorkerHeartbeat heartbeat, List<HeldAttempt> rows, DateTimeOffset now)
    {
        WorkerRegistration registration = heartbeat.Registration;
        bool abler = registration.Precisions.Except(worker.Precisions).Any();
        worker.Host = registration.Host;
        worker.Device = registration.Device;
        worker.DeviceName = registration.DeviceName;
        worker.Slots = registration.Slots;
        worker.Pool = registration.Pool;
        worker.Labels = new Dictionary<string, string>(registration.Labels);
        worker.Precisions = [.. registration.Precisions];
        worker.Version = registration.Version;
        worker.HeartbeatSequence = heartbeat.Sequence;
        worker.HeartbeatAt = now;
        worker.LeaseUntil = heartbeat.Leaving ? now : now + options.Value.Lease;

        int strays = heartbeat.Held.Count(a => !rows.Exists(r => r.Is(a) && (r.IsCurrent || r.KeepsSlot || r.HasEnded)));
        bool fewer = strays < worker.StraySlots;
        worker.StraySlots = strays;
        WorkerState before = worker.State;
        worker.State = heartbeat.Leaving ? WorkerState.Left
            : heartbeat.Draining ? WorkerState.Draining
            : before is WorkerState.Lost or WorkerState.Left ? (worker.DrainReason is null ? WorkerState.Active : WorkerState.Draining)
            : before is WorkerState.Draining && rows.TrueForAll(r => !r.IsCurrent) ? WorkerState.Drained
            : before;
        worker.IdleSince = rows.Exists(r => r.IsCurrent) ? null : worker.IdleSince ?? now;
        return fewer || abler || (worker.State == WorkerState.Active && before != WorkerState.Active);
    }

    /// <summary>Attempts that two heartbeats in a row did not list although the worker had heard from us since they were assigned.</summary>
    private static List<AttemptReference> Missing(WorkerRow worker, WorkerHeartbeat heartbeat, List<HeldAttempt> rows)
    {
        List<AttemptReference> missing =
        [
            .. rows.Where(r => r.IsCurrent && r.Incarnation == heartbeat.Incarnation && heartbeat.LastAnswer > r.AssignedAt
                && !heartbeat.Held.Contains(r.Attempt) && !heartbeat.Ended.Contains(r.Attempt)).Select(r => r.Attempt),
        ];
        List<AttemptReference> twice = [.. missing.Where(worker.Missing.Contains)];
        worker.Missing = heartbeat.Leaving ? [] : missing;
        return heartbeat.Leaving ? missing : twice;
    }

    /// <summary>A cancelled attempt keeps its slot until its worker no longer lists it.</summary>
    private static async Task<bool> ReleaseAsync(SearchDb db, WorkerHeartbeat heartbeat, List<HeldAttempt> rows, CancellationToken cancellationToken)
    {
        bool released = false;
        foreach (HeldAttempt row in rows.Where(r => r.KeepsSlot && !heartbeat.Held.Contains(r.Attempt)))
        {
            (string study, int number, SegmentKind kind, int attempt) = row.Attempt;
            int count = kind == SegmentKind.Train
                ? await db.Trials.Where(t => t.StudyId == study && t.Number == number && t.Attempt == attempt
                        && (t.State == TrialState.Cancelled || t.State == TrialState.Pruned))
                    .ExecuteUpdateAsync(set => set.SetProperty(t => t.Incarnation, (Guid?)null), cancellationToken)
                : await ReleaseSegmentAsync(db, row.Attempt, cancellationToken);
            released |= count > 0;
        }

        return released;
    }

    private static Task<int> ReleaseSegmentAsync(SearchDb db, AttemptReference held, CancellationToken cancellationToken)
    {
        StudySegmentKind kind = SegmentReferences.KindOf(held);
        return db.Segments.Where(s => s.StudyId == held.StudyId && s.Kind == kind && s.Number == held.Number && s.Attempt == held.Attempt && s.State == TrialState.Cancelled)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Incarnation, (Guid?)null), cancellationToken);
    }

    private static HeartbeatAnswer Answer(WorkerRow worker, WorkerHeartbeat heartbeat, List<HeldAttempt> rows, DateTimeOffset now)
    {
        bool drained = worker.State is WorkerState.Draining or WorkerState.Drained;
        List<StopTrial> stops = [];
        foreach (AttemptReference attempt in heartbeat.Held)
        {
            HeldAttempt? row = rows.Find(r => r.Is(attempt) && r.IsCurrent && r.Incarnation == heartbeat.Incarnation);
            if (row is null)
            {
                stops.Add(new StopTrial(attempt, StopKind.StopNow));
            }
            else if (attempt.Kind == SegmentKind.Train && (row.Study == StudyState.Paused || drained))
            {
                stops.Add(new StopTrial(attempt, StopKind.FinishEpoch));
            }
        }

        return new HeartbeatAnswer
        {
            Incarnation = heartbeat.Incarnation,
            Time = now,
            Stops = stops,
            Settled = [.. heartbeat.Ended.Where(a => !rows.Exists(r => r.Is(a) && r.IsCurrent))],
            Drain = drained,
        };
    }
}
