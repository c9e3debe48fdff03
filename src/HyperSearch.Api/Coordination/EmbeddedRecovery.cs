using HyperSearch.Api.Persistence;
using HyperSearch.Api.Workers;
using HyperSearch.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// Where API and worker are one process, every earlier worker of the data folder is dead at a start: its attempts go back
/// at once, without counting as lost, and what was half written is removed.
/// </summary>
internal sealed class EmbeddedRecovery(SearchDbs dbs, TakingBack takingBack, IArtifactStore artifacts)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Guid> dead;
        await using (SearchDb db = dbs.Read())
        {
            dead = await db.Trials.Where(t => t.Incarnation != null).Select(t => t.Incarnation!.Value)
                .Union(db.Segments.Where(s => s.Incarnation != null).Select(s => s.Incarnation!.Value))
                .ToListAsync(cancellationToken);
        }

        foreach (Guid incarnation in dead)
        {
            await takingBack.TakeAllAsync(incarnation, lost: false, cancellationToken);
        }

        await using (WriteTransaction transaction = await dbs.WriteAsync(cancellationToken))
        {
            await transaction.Db.Workers.ExecuteUpdateAsync(set => set.SetProperty(w => w.State, WorkerState.Left), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await artifacts.RemoveTemporaryAsync(cancellationToken);
    }
}
