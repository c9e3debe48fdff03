using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Workers;

/// <summary>Counts slots and work, pool by pool.</summary>
internal static class CapacityView
{
    public static async Task<IResult> GetAsync(SearchDbs dbs, StudyAnswers answers, StudyPlans plans, TimeProvider time, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        DateTimeOffset now = await db.Sql.NowAsync(db, time, cancellationToken);
        List<WorkerRow> workers = await db.Workers
            .Where(w => w.State != WorkerState.Lost && w.State != WorkerState.Left && w.LeaseUntil > now).ToListAsync(cancellationToken);
        Dictionary<Guid, int> busy = await FreeSlots.BusyAsync(db, cancellationToken);
        ILookup<string, StudyDemand> demand = (await StudyDemand.ReadAsync(db, answers, plans, now, cancellationToken)).ToLookup(d => d.Pool);
        IEnumerable<string> pools = workers.Select(w => w.Pool).Concat(demand.Select(d => d.Key)).Distinct().Order(StringComparer.Ordinal);
        return TypedResults.Ok(new CapacityResponse
        {
            Pools = [.. pools.Select(pool => PoolOf(pool, [.. workers.Where(w => w.Pool == pool)], busy, [.. demand[pool]]))],
        });
    }

    private static WorkerCapacity Of(WorkerRow worker, Dictionary<Guid, int> busy) => new()
    {
        Id = worker.Incarnation.ToString(),
        Slots = worker.Slots,
        Busy = WorkerView.Busy(worker, busy.GetValueOrDefault(worker.Incarnation)),
        State = SnakeCase.Of(worker.State),
        IdleSince = WorkerView.IdleSince(worker, busy.GetValueOrDefault(worker.Incarnation)),
    };

    private static PoolCapacity PoolOf(string pool, List<WorkerRow> rows, Dictionary<Guid, int> busy, List<StudyDemand> demand)
    {
        WorkerCapacity[] workers = [.. rows.Select(w => Of(w, busy)).OrderBy(w => w.Id, StringComparer.Ordinal)];
        string active = SnakeCase.Of(WorkerState.Active);
        double?[] measured = [.. demand.Select(d => d.DeviceSecondsLeft).Where(s => s is not null)];
        return new PoolCapacity
        {
            Pool = pool,
            SlotsTotal = workers.Sum(w => w.Slots),
            SlotsBusy = workers.Sum(w => w.Busy),
            SlotsFree = workers.Where(w => w.State == active).Sum(w => w.Slots - w.Busy),
            SlotsDraining = workers.Where(w => w.State != active).Sum(w => w.Slots),
            Startable = demand.Sum(d => d.Startable),
            Unservable = demand.Where(d => !rows.Exists(w => w.State == WorkerState.Active && Precisions.Suffice(w.Precisions, d.Precision))).Sum(d => d.Startable),
            WantedSlots = demand.Sum(d => d.Startable + d.Running),
            OldestWaitingS = demand.Where(d => d.Startable > 0).Max(d => (double?)d.WaitingSeconds),
            DeviceSecondsLeft = measured.Length > 0 ? measured.Sum() : null,
            Workers = workers,
        };
    }
}
