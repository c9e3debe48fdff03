using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

/// <summary>What a user does to a whole study.</summary>
internal sealed class StudyVerbs(SearchDbs dbs, StudyTransactions transactions, StudyAnswers answers, ArtifactCollector artifacts, TimeProvider time)
{
    /// <summary>Gives a verb; an impossible one is a problem with the current state.</summary>
    public async Task<IResult> GiveAsync(HttpContext context, string idOrName, StudyVerb verb, CancellationToken cancellationToken)
    {
        if (await FindAsync(idOrName, cancellationToken) is not { } id)
        {
            return Problems.NoStudy(idOrName);
        }

        StudyState? refused = null;
        bool found = await transactions.RunAsync(id, async study =>
        {
            if (StudyRules.Check(study.Study.State, verb) == VerbOutcome.Illegal)
            {
                refused = study.Study.State;
            }
            else
            {
                await study.ApplyAsync(new StudyInput.VerbGiven(verb));
            }

            return true;
        }, cancellationToken);
        if (refused is { } state)
        {
            return Problems.IllegalTransition(SnakeCase.Of(state), $"A study that is {SnakeCase.Of(state)} cannot {SnakeCase.Of(verb)}.");
        }

        return found && await AnswerAsync(context, id, cancellationToken) is { } answer
            ? TypedResults.Accepted((string?)null, answer)
            : Problems.NoStudy(idOrName);
    }

    /// <summary>Changes a study by a merge patch.</summary>
    public async Task<IResult> PatchAsync(HttpContext context, string idOrName, RequestBody body, CancellationToken cancellationToken)
    {
        if (await FindAsync(idOrName, cancellationToken) is not { } id)
        {
            return Problems.NoStudy(idOrName);
        }

        Problem? refused = null;
        bool found = await transactions.RunAsync(id, async study =>
        {
            refused = await StudyPatching.ApplyAsync(study, context.Request, body.Document.RootElement, cancellationToken);
            return true;
        }, cancellationToken);
        return refused is not null ? refused
            : found && await AnswerAsync(context, id, cancellationToken) is { } answer ? TypedResults.Ok(answer)
            : Problems.NoStudy(idOrName);
    }

    /// <summary>Deletes a final study and everything that belongs to it; its artifacts after the commit.</summary>
    public async Task<IResult> DeleteAsync(string idOrName, CancellationToken cancellationToken)
    {
        if (await FindAsync(idOrName, cancellationToken) is not { } id)
        {
            return Problems.NoStudy(idOrName);
        }

        await using (WriteTransaction transaction = await dbs.WriteAsync(cancellationToken))
        {
            SearchDb db = transaction.Db;
            if (await db.Sql.LockStudyAsync(db, id, time, cancellationToken) is null || await StudyRows.StateAsync(db, id, cancellationToken) is not { } state)
            {
                return Problems.NoStudy(idOrName);
            }

            if (!state.IsFinal())
            {
                return Problems.IllegalTransition(SnakeCase.Of(state), $"A study that is {SnakeCase.Of(state)} cannot be deleted; cancel it first.");
            }

            await StudyRows.DeleteAsync(db, id, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        artifacts.Delete(ArtifactKeys.Study(id));
        return TypedResults.NoContent();
    }

    private async Task<StudyResponse?> AnswerAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await answers.ReadAsync(db, id, cancellationToken) is not { } stored)
        {
            return null;
        }

        new StudyTag(stored.Id, stored.Version, stored.SpecVersion).Send(context);
        return stored.Answer;
    }

    private async Task<string?> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        return (await StudyTag.FindAsync(db, idOrName, cancellationToken))?.Id;
    }
}
