using HyperSearch.Api.Persistence;
using HyperSearch.Api.Workers;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>Counts slots: the tables are the truth, whatever a worker believes.</summary>
internal static class FreeSlots
{
    /// <summary>Slots taken per incarnation: assigned attempts, and cancelled ones that the worker still lists.</summary>
    public static async Task<Dictionary<Guid, int>> BusyAsync(SearchDb db, CancellationToken cancellationToken)
    {
        var trials = await db.Trials.Where(t => t.Incarnation != null).GroupBy(t => t.Incarnation!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        var segments = await db.Segments.Where(s => s.Incarnation != null).GroupBy(s => s.Incarnation!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        return trials.Concat(segments).GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Sum(c => c.Count));
    }

    /// <summary>One entry per free slot of the living workers, pool by pool, the emptiest workers first.</summary>
    public static async Task<ILookup<string, FreeSlot>> FindAsync(SearchDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<Guid, int> busy = await BusyAsync(db, cancellationToken);
        List<WorkerRow> workers = await db.Workers.AsNoTracking()
            .Where(w => w.State == WorkerState.Active && w.LeaseUntil > now).ToListAsync(cancellationToken);
        return workers
            .SelectMany(w => Enumerable.Range(0, Math.Max(0, w.Slots - busy.GetValueOrDefault(w.Incarnation) - w.StraySlots)).Select(place => (Worker: w, place)))
            .OrderByDescending(s => s.place).ThenBy(s => s.Worker.Incarnation)
            .ToLookup(s => s.Worker.Pool, s => new FreeSlot(s.Worker.Incarnation, s.Worker.Precisions));
    }
}
