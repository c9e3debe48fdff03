using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Workers;

/// <summary>Lists workers, the latest first. Those long gone are cleaned away, so there are few.</summary>
internal static class WorkerList
{
    public static readonly QueryParameter.Choice State = new("state", "Only workers in one of these states, with commas between.", SnakeCase.All<WorkerState>(), null, Many: true);
    public static readonly QueryParameter.Text Pool = new("pool", "Only workers of this pool.", 63);
    public static readonly QueryParameter.Whole Limit = QueryParameter.Limit(100);

    public static async Task<IResult> ListAsync(HttpContext context, SearchDbs dbs, CancellationToken cancellationToken)
    {
        Query query = Query.Of(context);
        string scope = $"workers|{string.Join(',', query.Choices(State))}|{query.Text(Pool)}";
        (Position? after, Problem? problem) = Cursor.Read<Position>(query.Text(QueryParameter.Cursor), scope);
        if (problem is not null)
        {
            return problem;
        }

        int limit = query.Int(Limit);
        await using SearchDb db = dbs.Read();
        List<WorkerRow> rows = [.. (await Filter(db, query).ToListAsync(cancellationToken))
            .OrderByDescending(w => w.RegisteredAt).ThenBy(w => w.Incarnation)
            .SkipWhile(w => after is not null && !after.IsBefore(w)).Take(limit + 1)];
        ILookup<Guid, AttemptReference> held = await HeldAsync(db, cancellationToken);
        return Pages.Answer(context, rows, limit,
            w => WorkerView.Of(w, [.. held[w.Incarnation]]),
            w => Cursor.Write(scope, new Position(w.RegisteredAt, w.Incarnation)));
    }

    private static IQueryable<WorkerRow> Filter(SearchDb db, Query query)
    {
        IQueryable<WorkerRow> workers = db.Workers;
        if (query.Choices(State) is { Length: > 0 } names)
        {
            WorkerState[] states = SnakeCase.Parse<WorkerState>(names);
            workers = workers.Where(w => states.Contains(w.State));
        }

        return query.Text(Pool) is { } pool ? workers.Where(w => w.Pool == pool) : workers;
    }

    private static async Task<ILookup<Guid, AttemptReference>> HeldAsync(SearchDb db, CancellationToken cancellationToken)
    {
        var trials = await db.Trials.Where(t => t.Incarnation != null)
            .Select(t => new { By = t.Incarnation!.Value, Attempt = new AttemptReference(t.StudyId, t.Number, SegmentKind.Train, t.Attempt) }).ToListAsync(cancellationToken);
        var segments = await db.Segments.Where(s => s.Incarnation != null)
            .Select(s => new { By = s.Incarnation!.Value, Attempt = s.Reference() }).ToListAsync(cancellationToken);
        return trials.Concat(segments).ToLookup(h => h.By, h => h.Attempt);
    }

    private sealed record Position(DateTimeOffset RegisteredAt, Guid Incarnation)
    {
        public bool IsBefore(WorkerRow worker) =>
            worker.RegisteredAt < RegisteredAt || (worker.RegisteredAt == RegisteredAt && worker.Incarnation.CompareTo(Incarnation) > 0);
    }
}
