using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// The one way to change a study: lock its row, load it, let the rules decide, store, commit, and only then act.
/// Never two studies in one transaction.
/// </summary>
internal sealed class StudyTransactions(SearchDbs dbs, StudyRulesCache rules, AfterCommit afterCommit, TimeProvider time)
{
    /// <summary>Runs work on a locked study and commits it.</summary>
    /// <param name="studyId">The study.</param>
    /// <param name="work">Changes it through <see cref="OpenStudy"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is committed then.</param>
    /// <returns>What the work returned; the default when there is no such study.</returns>
    public async Task<T?> RunAsync<T>(string studyId, Func<OpenStudy, Task<T>> work, CancellationToken cancellationToken)
    {
        await using WriteTransaction transaction = await dbs.WriteAsync(cancellationToken);
        SearchDb db = transaction.Db;
        if (await db.Sql.LockStudyAsync(db, studyId, time, cancellationToken) is not { } now)
        {
            return default;
        }

        Study study = await db.Studies.Include(s => s.Rungs).SingleAsync(s => s.Id == studyId, cancellationToken);
        KnownStudy known = rules.Find(studyId) ?? rules.Add(await db.Documents.AsNoTracking().SingleAsync(d => d.StudyId == studyId, cancellationToken));
        OpenStudy open = new(study, known, db, now, cancellationToken);
        T result;
        try
        {
            result = await work(open);
            await open.StoreAsync();
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            // Still under the lock: nobody reads it meanwhile.
            known.Forget();
            throw;
        }

        await transaction.DisposeAsync();
        afterCommit.Run(open);
        return result;
    }
}
