using System.Security.Cryptography;
using System.Text.Json;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HyperSearch.Api.Studies;

/// <summary>
/// Accepts studies. With <c>if_exists=return</c> a study of the name counts as equal if the request, resolved with the
/// stored study's seed where it gives none itself, is resolved to the stored study as it was created, patches aside.
/// </summary>
internal sealed class StudyCreation(Catalog catalog, StudyStore store, SearchDbs dbs, StudyAnswers answers, StudyPlans plans, TimeProvider time)
{
    /// <summary>The plan of a request, or what is wrong with it; nothing is stored.</summary>
    public async Task<IResult> CheckAsync(RequestBody body, CancellationToken cancellationToken)
    {
        StudyValidation validation = Validate(body, DrawSeed());
        return validation.Spec is { } spec ? TypedResults.Ok(PlanView.Of(await PlanAsync(spec, validation, cancellationToken))) : Problems.Invalid(validation.Errors);
    }

    /// <summary>Stores a new study, or answers with the one that is there.</summary>
    /// <param name="context">The request, for the answer's headers.</param>
    /// <param name="body">Its body.</param>
    /// <param name="returnExisting">Whether an equal study of the name is an answer.</param>
    /// <param name="key">The idempotency key, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IResult> CreateAsync(HttpContext context, RequestBody body, bool returnExisting, string? key, CancellationToken cancellationToken)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(body.Bytes));
        if (key is not null && await store.FindKeyAsync(key, cancellationToken) is { } earlier)
        {
            return Replay(context, earlier, hash);
        }

        StudyValidation validation = Validate(body, DrawSeed());
        if (validation.Spec is not { } spec)
        {
            return Problems.Invalid(validation.Errors);
        }

        NewStudy study = NewStudy.Create(StudyId.New(time), spec, body.Text, await PlanAsync(spec, validation, cancellationToken));
        StoreOutcome outcome = await store.AddAsync(study, key is null ? null : (key, hash), cancellationToken);
        return outcome switch
        {
            StoreOutcome.Added added => Created(context, study.Id, added.Answer),
            StoreOutcome.KeyTaken taken => Replay(context, taken.Key, hash),
            StoreOutcome.KeyBusy => new Problem(409, Slug.RequestInFlight, "An equal request is in flight.", "Ask again: its answer will be repeated."),
            StoreOutcome.NameTaken taken => returnExisting ? await ReturnAsync(context, body, taken.Id, cancellationToken) : NameTaken(spec.Name, taken.Id),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    private async Task<StudyPlan> PlanAsync(StudySpec spec, StudyValidation validation, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        return await plans.EstimateAsync(db, StudyPlan.Create(spec, validation.Warnings), spec, null, cancellationToken);
    }

    private async Task<IResult> ReturnAsync(HttpContext context, RequestBody body, string id, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await answers.ReadAsync(db, id, cancellationToken) is not { } stored)
        {
            return new Problem(409, Slug.RequestInFlight, "The study of this name was deleted just now.", "Ask again.");
        }

        StudySpec? resolved = Validate(body, JsonElement.Parse(stored.Resolved).GetProperty("seed").GetInt64()).Spec;
        if (resolved is null || StudySpecJson.To(resolved).ToJsonString() != stored.Resolved)
        {
            return new Problem(409, Slug.SpecDiffers, "A study of this name asks for something else.", $"{stored.Id} has the name and another specification.");
        }

        new StudyTag(stored.Id, stored.Version, stored.SpecVersion).Send(context);
        return TypedResults.Ok(stored.Answer);
    }

    private static IResult Replay(HttpContext context, IdempotencyKey key, string hash)
    {
        if (key.RequestHash != hash)
        {
            return new Problem(422, Slug.IdempotencyKeyReused, "The idempotency key was sent with another body.",
                $"It created {key.StudyId}; use a new key for a new request.");
        }

        context.Response.Headers["Idempotency-Replayed"] = "true";
        return Created(context, key.StudyId, key.Answer);
    }

    private static ContentHttpResult Created(HttpContext context, string id, string answer)
    {
        context.Response.Headers.Location = $"/v1/studies/{id}";
        new StudyTag(id, 1, 1).Send(context);
        return TypedResults.Text(answer, "application/json", statusCode: StatusCodes.Status201Created);
    }

    private static Problem NameTaken(string name, string id) =>
        new(409, Slug.StudyNameTaken, "The name is taken.", $"{id} has the name {name}; if_exists=return answers with it if it is equal.");

    private StudyValidation Validate(RequestBody body, long seed) => StudyValidator.Validate(body.Document.RootElement, catalog, seed);

    private static long DrawSeed() => (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 11);
}
