using HyperSearch.Api.Http;
using HyperSearch.Api.Leaderboards;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Trials;

internal static class TrialEndpoints
{
    private static readonly QueryParameter.Choice State = new("state", "Only trials in one of these states, with commas between.", SnakeCase.All<TrialState>(), null, Many: true);
    private static readonly QueryParameter.Choice Sort = new("sort", "The order: number, value or a hyperparameter; a minus is descending. Missing values are last.", TrialOrder.All, "number");
    private static readonly QueryParameter.Whole Limit = QueryParameter.Limit(100);
    private static readonly QueryParameter.Whole MaxPoints = new("max_points", "Epochs at most; first, best and last are always there.", 3, 10_000, 500);

    public static void MapTrials(this RouteGroupBuilder v1)
    {
        RouteGroupBuilder trials = v1.MapGroup("/studies/{id}/trials").WithTags("Trials");
        trials.MapGet("/", ListAsync).Named("listTrials", "The trials of a study").Takes(State, Sort, Limit, QueryParameter.Cursor)
            .Produces<Page<TrialResponse>>().Tagged().Fails(404);
        trials.MapGet("/{number}", GetAsync).Named("getTrial", "One trial by its number, or the baseline")
            .Produces<TrialResponse>().Tagged().Fails(404);
        trials.MapPost("/", EnqueueAsync).Named("enqueueTrial", "Makes a configuration the next trial, whatever the sampler would propose")
            .Accepts<EnqueueTrialRequest>(RequestBody.Json[0]).Produces<TrialResponse>(201).Fails(400, 404, 409, 413, 415);
        MapVerb(trials, TrialVerb.Cancel, "Ends a trial, whatever it does");
        MapVerb(trials, TrialVerb.Retry, "Tries a failed trial again, from its last checkpoint");
        trials.MapGet("/{number}/reports", ReportsAsync).Named("listReports", "The epochs of a trial").Takes(MaxPoints)
            .Produces<ReportsResponse>().Tagged().Fails(404);
    }

    private static void MapVerb(RouteGroupBuilder trials, TrialVerb verb, string summary) =>
        trials.MapPost($"/{{number}}/{SnakeCase.Of(verb)}", (HttpContext context, string id, string number, TrialVerbs verbs, CancellationToken cancellationToken) =>
            verbs.GiveAsync(context, id, number, verb, cancellationToken))
            .Named($"{SnakeCase.Of(verb)}Trial", summary).Produces<TrialResponse>(202).Fails(404, 409);

    private static async Task<IResult> ListAsync(HttpContext context, string id, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag)
        {
            return Problems.NoStudy(id);
        }

        Query query = Query.Of(context);
        string sort = query.Choice(Sort)!;
        string scope = $"trials|{tag.Id}|{sort}|{string.Join(',', query.Choices(State))}";
        (TrialPosition? after, Problem? problem) = Cursor.Read<TrialPosition>(query.Text(QueryParameter.Cursor), scope);
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
        TrialOrder order = TrialOrder.Parse(sort);
        LeaderboardView view = await LeaderboardView.CreateAsync(db, tag.Id, spec, cancellationToken);
        List<Trial> rows = await order.PageAsync(db, tag.Id, SnakeCase.Parse<TrialState>(query.Choices(State)), after, limit + 1, cancellationToken);
        return Pages.Answer(context, rows, limit, view.TrialOf, t => Cursor.Write(scope, order.PositionOf(t)));
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, string number, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag || await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is not { } spec)
        {
            return Problems.NoStudy(id);
        }

        if (await FindAsync(db, tag.Id, number, spec, cancellationToken) is not { } trial)
        {
            return Problems.NoTrial(number);
        }

        return tag.Send(context)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok((await LeaderboardView.CreateAsync(db, tag.Id, spec, cancellationToken)).TrialOf(trial));
    }

    private static async Task<IResult> ReportsAsync(HttpContext context, string id, string number, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag || await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is not { } spec)
        {
            return Problems.NoStudy(id);
        }

        if (await FindAsync(db, tag.Id, number, spec, cancellationToken) is not { } trial)
        {
            return Problems.NoTrial(number);
        }

        if (tag.Send(context))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        List<Report> reports = await db.Reports.Where(r => r.StudyId == tag.Id && r.Number == trial.Number).OrderBy(r => r.Epoch).ToListAsync(cancellationToken);
        IReadOnlyList<Report> kept = ReportThinning.Thin(reports, Query.Of(context).Int(MaxPoints), spec.Objective);
        return TypedResults.Ok(new ReportsResponse { Items = [.. kept.Select(ReportView.Of)], NextCursor = null, Total = reports.Count });
    }

    private static async Task<Trial?> FindAsync(SearchDb db, string studyId, string text, StudySpec spec, CancellationToken cancellationToken) =>
        TrialNumber.Parse(text, spec) is { } number
            ? await db.Trials.SingleOrDefaultAsync(t => t.StudyId == studyId && t.Number == number, cancellationToken)
            : null;

    private static async Task<IResult> EnqueueAsync(HttpContext context, string id, TrialVerbs verbs, CancellationToken cancellationToken)
    {
        (RequestBody? body, Problem? problem) = await RequestBody.ReadAsync(context.Request, RequestBody.Json, cancellationToken);
        using (body)
        {
            return body is null ? problem! : await verbs.EnqueueAsync(context, id, body, cancellationToken);
        }
    }
}
