using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Contracts;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Workers;

internal static class WorkerEndpoints
{
    private static readonly QueryParameter.Text Reason = new("reason", "Why, for people.", 200);

    public static void MapWorkers(this RouteGroupBuilder v1)
    {
        RouteGroupBuilder workers = v1.MapGroup("").WithTags("Workers");
        workers.MapGet("/workers", WorkerList.ListAsync).Named("listWorkers", "Workers, the latest first")
            .Takes(WorkerList.State, WorkerList.Pool, WorkerList.Limit, QueryParameter.Cursor).Produces<Page<WorkerResponse>>().Fails();
        workers.MapGet("/workers/{id}", GetAsync).Named("getWorker", "One worker").Produces<WorkerResponse>().Fails(404);
        workers.MapPost("/workers/{id}/drain", DrainAsync).Named("drainWorker", "Offers the worker nothing more; what it runs stops at the next epoch end")
            .Takes(Reason).Produces<WorkerResponse>(202).Fails(404, 409);
        workers.MapPost("/workers/{id}/undrain", UndrainAsync).Named("undrainWorker", "Offers the worker trials again")
            .Produces<WorkerResponse>(202).Fails(404, 409);
        workers.MapGet("/capacity", CapacityView.GetAsync).Named("getCapacity", "Slots and work of every pool, for autoscalers and schedulers")
            .Produces<CapacityResponse>().Fails();
    }

    private static async Task<IResult> GetAsync(string id, SearchDbs dbs, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        return Guid.TryParse(id, out Guid incarnation) && await ReadAsync(db, incarnation, cancellationToken) is { } worker
            ? TypedResults.Ok(worker)
            : NoWorker(id);
    }

    private static Task<IResult> DrainAsync(HttpContext context, string id, SearchDbs dbs, OfferSignal offers, CancellationToken cancellationToken)
    {
        string reason = Query.Of(context).Text(Reason) ?? "Drained by an operator.";
        return ChangeAsync(id, dbs, offers, worker =>
        {
            if (worker.State == WorkerState.Active)
            {
                worker.State = WorkerState.Draining;
                worker.DrainReason = reason;
            }
        }, cancellationToken);
    }

    private static Task<IResult> UndrainAsync(string id, SearchDbs dbs, OfferSignal offers, CancellationToken cancellationToken) =>
        ChangeAsync(id, dbs, offers, worker =>
        {
            worker.State = WorkerState.Active;
            worker.DrainReason = null;
            worker.Health = WorkerHealth.Good;
        }, cancellationToken);

    private static async Task<IResult> ChangeAsync(string id, SearchDbs dbs, OfferSignal offers, Action<WorkerRow> change, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out Guid incarnation))
        {
            return NoWorker(id);
        }

        await using WriteTransaction transaction = await dbs.WriteAsync(cancellationToken);
        SearchDb db = transaction.Db;
        if (await db.Sql.LockWorker(db, incarnation).SingleOrDefaultAsync(cancellationToken) is not { } worker)
        {
            return NoWorker(id);
        }

        if (worker.State is WorkerState.Lost or WorkerState.Left)
        {
            return Problems.IllegalTransition(SnakeCase.Of(worker.State), $"The worker is {SnakeCase.Of(worker.State)}.");
        }

        change(worker);
        await db.SaveChangesAsync(cancellationToken);
        await db.Sql.NotifyOffersAsync(db, cancellationToken);
        WorkerResponse? answer = await ReadAsync(db, incarnation, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        offers.Set();
        return TypedResults.Accepted((string?)null, answer);
    }

    private static async Task<WorkerResponse?> ReadAsync(SearchDb db, Guid incarnation, CancellationToken cancellationToken) =>
        await db.Workers.AsNoTracking().SingleOrDefaultAsync(w => w.Incarnation == incarnation, cancellationToken) is { } worker
            ? WorkerView.Of(worker, await TakingBack.HeldAsync(db, incarnation, cancellationToken))
            : null;

    private static Problem NoWorker(string id) => Problems.NotFound($"There is no worker {Problems.Quote(id)}.");
}
