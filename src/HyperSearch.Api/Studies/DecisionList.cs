using System.Text.Json;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Studies;

/// <summary>Lists a study's decision log in its order.</summary>
internal static class DecisionList
{
    public static async Task<IResult> ListAsync(HttpContext context, SearchDb db, string id, QueryParameter.Whole limitParameter, CancellationToken cancellationToken)
    {
        Query query = Query.Of(context);
        string scope = $"decisions|{id}";
        (Position? after, Problem? problem) = Cursor.Read<Position>(query.Text(QueryParameter.Cursor), scope);
        if (problem is not null)
        {
            return problem;
        }

        int limit = query.Int(limitParameter);
        long sequence = after?.Sequence ?? 0;
        List<DecisionLogEntry> rows = await db.Decisions.Where(d => d.StudyId == id && d.Sequence > sequence)
            .OrderBy(d => d.Sequence).Take(limit + 1).ToListAsync(cancellationToken);
        return Pages.Answer(context, rows, limit, Show, d => Cursor.Write(scope, new Position(d.Sequence)));
    }

    private static DecisionResponse Show(DecisionLogEntry entry) => new()
    {
        Sequence = entry.Sequence,
        At = entry.At,
        Input = JsonElement.Parse(entry.Input),
        Decisions = JsonElement.Parse(entry.Decisions),
    };

    private sealed record Position(long Sequence);
}
