using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Contracts;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Leaderboards;

internal static class LeaderboardEndpoints
{
    private static readonly QueryParameter.Choice Sort = new("sort", "The order: best first.", ["value"], "value");
    private static readonly QueryParameter.Choice State = new("state", "completed: only completed trials; any: all.", ["completed", "any"], "any");
    private static readonly QueryParameter.Whole Limit = QueryParameter.Limit(50);

    public static void MapLeaderboards(this RouteGroupBuilder v1) =>
        v1.MapGet("/studies/{id}/leaderboard", GetAsync).WithTags("Studies").Named("getLeaderboard", "The ranked trials of a study: the one to poll")
            .Takes(Limit, QueryParameter.Cursor, Sort, State).Produces<Page<LeaderboardEntry>>().Tagged().Fails(404);

    private static async Task<IResult> GetAsync(HttpContext context, string id, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag)
        {
            return Problems.NoStudy(id);
        }

        Query query = Query.Of(context);
        bool completed = query.Choice(State) == "completed";
        string scope = $"leaderboard|{tag.Id}|{completed}";
        (LeaderboardPosition? after, Problem? problem) = Cursor.Read<LeaderboardPosition>(query.Text(QueryParameter.Cursor), scope);
        if (problem is not null)
        {
            return problem;
        }

        if (tag.Send(context))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is not { } spec)
        {
            return Problems.NoStudy(id);
        }

        int limit = query.Int(Limit);
        LeaderboardView view = await LeaderboardView.CreateAsync(db, tag.Id, spec, cancellationToken);
        List<Trial> rows = await PageAsync(db, tag.Id, completed, after, limit + 1, cancellationToken);
        List<(Trial Trial, int Rank)> ranked = Rank(rows, after?.Rank ?? 0);
        return Pages.Answer(context, ranked, limit,
            r => view.Of(r.Trial, r.Trial.IsBaseline ? null : r.Rank),
            r => Cursor.Write(scope, LeaderboardPosition.Of(r.Trial, r.Rank)));
    }

    /// <summary>One page of a leaderboard in its order.</summary>
    public static Task<List<Trial>> PageAsync(SearchDb db, string studyId, bool completed, LeaderboardPosition? after, int count, CancellationToken cancellationToken)
    {
        IQueryable<Trial> trials = db.Trials.Where(t => t.StudyId == studyId && t.Confirms == null);
        trials = completed ? trials.Where(t => t.State == TrialState.Completed) : trials;
        return (after?.After(trials) ?? trials).Ranked().Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>Counts the searched trials; the baseline competes with nobody.</summary>
    private static List<(Trial Trial, int Rank)> Rank(List<Trial> rows, int before)
    {
        int rank = before;
        return [.. rows.Select(t => (t, t.IsBaseline ? rank : ++rank))];
    }
}
