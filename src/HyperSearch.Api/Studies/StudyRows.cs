using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Studies;

/// <summary>A study's rows as a whole.</summary>
internal static class StudyRows
{
    public static async Task<StudyState?> StateAsync(SearchDb db, string id, CancellationToken cancellationToken) =>
        await db.Studies.Where(s => s.Id == id).Select(s => (StudyState?)s.State).SingleOrDefaultAsync(cancellationToken);

    /// <summary>Deletes the study; what refers to it goes with it.</summary>
    public static async Task DeleteAsync(SearchDb db, string id, CancellationToken cancellationToken)
    {
        await db.Feed.Where(f => f.StudyId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Studies.Where(s => s.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
