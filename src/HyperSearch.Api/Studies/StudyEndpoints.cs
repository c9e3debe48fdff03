using System.Text.Json;
using HyperSearch.Api.Http;
using HyperSearch.Api.OpenApi;
using HyperSearch.Api.Leaderboards;
using HyperSearch.Api.Persistence;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

internal static class StudyEndpoints
{
    private const int LongestKey = 255;
    private static readonly QueryParameter.Flag ValidateOnly = new("validate_only", "Answers with the plan and stores nothing.");
    private static readonly QueryParameter.Choice IfExists = new("if_exists", "return: answers 200 with the study of this name if it is equal, else 409.", ["return"], null);
    private static readonly QueryParameter.Whole DecisionLimit = QueryParameter.Limit(100);

    public static void MapStudies(this RouteGroupBuilder v1)
    {
        RouteGroupBuilder studies = v1.MapGroup("/studies").WithTags("Studies");
        studies.MapPost("/", CreateAsync).Named("createStudy", "Creates a study; with validate_only answers 200 with its plan, with simulate with what it would come to")
            .Takes(ValidateOnly, StudySimulations.Simulate, StudySimulations.Workers, StudySimulations.Seeds, IfExists).Reads(RequestHeader.IdempotencyKey)
            .Accepts<CreateStudyRequest>("application/json").Produces<StudyResponse>(201).Produces<JsonElement>().Fails(400, 409, 413, 415)
            .WithMetadata(new AnswersOneOf(typeof(StudyResponse), typeof(PlanResponse), typeof(SimulationResponse)));
        studies.MapGet("/", StudyList.ListAsync).Named("listStudies", "Lists studies")
            .Takes(StudyList.State, StudyList.Named, StudyList.Label, StudyList.Sort, StudyList.Limit, QueryParameter.Cursor)
            .Produces<Page<StudySummary>>().Fails();
        studies.MapGet("/{id}", GetAsync).Named("getStudy", "A study by id or name").Produces<StudyResponse>().Tagged().Fails(404);
        studies.MapPatch("/{id}", PatchAsync).Named("patchStudy", "Changes notes, labels, priority and limits of a study")
            .Accepts<PatchStudyRequest>(RequestBody.Patch[0], RequestBody.Patch[1]).Produces<StudyResponse>().Reads(RequestHeader.IfMatch).Fails(400, 404, 409, 412, 413, 415);
        studies.MapDelete("/{id}", DeleteAsync).Named("deleteStudy", "Deletes a study that has ended").Produces(204).Fails(404, 409);
        studies.MapGet("/{id}/plan", PlanAsync).Named("getPlan", "What a study costs").Produces<PlanResponse>().Fails(404);
        studies.MapGet("/{id}/importance", ImportanceView.GetAsync).Named("getImportance", "How much each searched parameter decides")
            .Produces<ImportanceResponse>().Tagged().Fails(404);
        studies.MapGet("/{id}/replay", ReplayView.GetAsync).Named("getReplay", "Repeats the decision log in memory and tells the first difference")
            .Produces<ReplayResponse>().Fails(404);
        studies.MapGet("/{id}/decisions", DecisionsAsync).Named("listDecisions", "What was decided, in order").Takes(DecisionLimit, QueryParameter.Cursor)
            .Produces<Page<DecisionResponse>>().Fails(404);
        studies.MapGet("/{id}/best/model", BestModel.SendAsync).Named("getBestModel", "The winner's model as a zip, Hugging Face layout")
            .Produces(200, contentType: "application/zip").Produces(206, contentType: "application/zip").Tagged().Reads(RequestHeader.Range).Fails(404, 409);
        studies.MapGet("/{id}/best/confusion-matrix", BestConfusion.GetAsync).Named("getBestConfusionMatrix", "What the winner's model takes for what, on the validation split")
            .Produces<ConfusionMatrixResponse>().Fails(404, 409);
        MapVerb(studies, StudyVerb.Pause, "Assigns nothing more; running trials stop at the next epoch end");
        MapVerb(studies, StudyVerb.Resume, "Goes on after a pause");
        MapVerb(studies, StudyVerb.Stop, "Lets running segments finish and starts nothing more");
        MapVerb(studies, StudyVerb.Cancel, "Ends everything at once");
    }

    private static void MapVerb(RouteGroupBuilder studies, StudyVerb verb, string summary) =>
        studies.MapPost($"/{{id}}/{SnakeCase.Of(verb)}", (HttpContext context, string id, StudyVerbs verbs, CancellationToken cancellationToken) =>
            verbs.GiveAsync(context, id, verb, cancellationToken))
            .Named($"{SnakeCase.Of(verb)}Study", summary).Produces<StudyResponse>(202).Fails(404, 409);

    private static async Task<IResult> CreateAsync(HttpContext context, StudyCreation creation, CancellationToken cancellationToken)
    {
        (RequestBody? body, Problem? problem) = await RequestBody.ReadAsync(context.Request, RequestBody.Json, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        using (body)
        {
            Query query = Query.Of(context);
            if (StudySimulations.Misuse(query, ValidateOnly) is { } misuse)
            {
                return misuse;
            }

            if (query.Flag(StudySimulations.Simulate))
            {
                return await creation.SimulateAsync(body, query.Int(StudySimulations.Workers), query.Int(StudySimulations.Seeds), cancellationToken);
            }

            if (query.Flag(ValidateOnly))
            {
                return await creation.CheckAsync(body, cancellationToken);
            }

            string? key = context.Request.Headers["Idempotency-Key"];
            return key is null || (key.Length is > 0 and <= LongestKey && key.All(c => c is >= ' ' and <= '~'))
                ? await creation.CreateAsync(context, body, query.Choice(IfExists) is not null, key, cancellationToken)
                : Problems.Invalid("Idempotency-Key", ErrorCode.OutOfRange, $"A key has 1 to {LongestKey} printable ASCII characters.");
        }
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag)
        {
            return Problems.NoStudy(id);
        }

        if (tag.Send(context))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await answers.ReadAsync(db, tag.Id, cancellationToken) is not { } stored)
        {
            return Problems.NoStudy(id);
        }

        context.Response.Headers.ETag = new StudyTag(stored.Id, stored.Version, stored.SpecVersion).Text;
        return TypedResults.Ok(stored.Answer);
    }

    private static Task<IResult> DeleteAsync(string id, StudyVerbs verbs, CancellationToken cancellationToken) => verbs.DeleteAsync(id, cancellationToken);

    private static async Task<IResult> PatchAsync(HttpContext context, string id, StudyVerbs verbs, CancellationToken cancellationToken)
    {
        (RequestBody? body, Problem? problem) = await RequestBody.ReadAsync(context.Request, RequestBody.Patch, cancellationToken);
        using (body)
        {
            return body is null ? problem! : await verbs.PatchAsync(context, id, body, cancellationToken);
        }
    }

    private static async Task<IResult> PlanAsync(string id, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        return await StudyTag.FindAsync(db, id, cancellationToken) is { } tag && await answers.ReadPlanAsync(db, tag.Id, cancellationToken) is { } plan
            ? TypedResults.Ok(PlanView.Of(plan))
            : Problems.NoStudy(id);
    }

    private static async Task<IResult> DecisionsAsync(HttpContext context, string id, SearchDbs dbs, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        return await StudyTag.FindAsync(db, id, cancellationToken) is { } tag
            ? await DecisionList.ListAsync(context, db, tag.Id, DecisionLimit, cancellationToken)
            : Problems.NoStudy(id);
    }
}
