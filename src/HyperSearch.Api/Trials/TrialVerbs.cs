using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Leaderboards;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using HyperSearch.Contracts;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Trials;

/// <summary>What a user does to single trials.</summary>
internal sealed class TrialVerbs(SearchDbs dbs, StudyTransactions transactions, StudyAnswers answers)
{
    /// <summary>Makes a configuration the next trial of a study. One that a searched trial has already is refused.</summary>
    public async Task<IResult> EnqueueAsync(HttpContext context, string idOrName, RequestBody body, CancellationToken cancellationToken)
    {
        if (await FindAsync(idOrName, cancellationToken) is not var (id, spec))
        {
            return Problems.NoStudy(idOrName);
        }

        EnqueueValidation validation = EnqueueValidator.Validate(body.Document.RootElement, spec);
        if (validation.Parameters is not { } parameters)
        {
            return Problems.Invalid(validation.Errors);
        }

        Problem? refused = null;
        int number = 0;
        bool found = await transactions.RunAsync(id, async study =>
        {
            refused = await RefuseAsync(study, parameters, cancellationToken);
            if (refused is null)
            {
                number = (await study.ApplyAsync(new StudyInput.Enqueued(parameters))).Created!.Number;
            }

            return true;
        }, cancellationToken);
        if (refused is not null)
        {
            return refused;
        }

        string location = $"/v1/studies/{id}/trials/{number}";
        return found && await ReadAsync(context, id, number, spec, cancellationToken) is { } trial
            ? TypedResults.Created(location, trial)
            : Problems.NoStudy(idOrName);
    }

    /// <summary>Gives a verb; an impossible one is a problem with the current state.</summary>
    public async Task<IResult> GiveAsync(HttpContext context, string idOrName, string trialNumber, TrialVerb verb, CancellationToken cancellationToken)
    {
        if (await FindAsync(idOrName, cancellationToken) is not var (id, spec))
        {
            return Problems.NoStudy(idOrName);
        }

        if (TrialNumber.Parse(trialNumber, spec) is not { } number)
        {
            return Problems.NoTrial(trialNumber);
        }

        Problem? refused = Problems.NoTrial(trialNumber);
        bool found = await transactions.RunAsync(id, async study =>
        {
            if (await study.FindTrialAsync(number) is { } trial)
            {
                refused = Refuse(study.Study, trial, verb);
                if (refused is null)
                {
                    await study.ApplyAsync(new StudyInput.TrialVerbGiven(number, verb));
                }
            }

            return true;
        }, cancellationToken);
        return !found ? Problems.NoStudy(idOrName)
            : refused is not null ? refused
            : await ReadAsync(context, id, number, spec, cancellationToken) is { } answer ? TypedResults.Accepted((string?)null, answer)
            : Problems.NoStudy(idOrName);
    }

    private static async Task<Problem?> RefuseAsync(OpenStudy study, ParameterSet parameters, CancellationToken cancellationToken)
    {
        if (study.Rules.EnqueueClosed(study.Study) is { } why)
        {
            return new Problem(409, Slug.EnqueueClosed, "The study takes no more configurations.", why) { State = SnakeCase.Of(study.Study.State) };
        }

        string id = study.Study.Id;
        long fingerprint = Trial.FingerprintOf(parameters);
        var alike = await study.Db.Trials.Where(t => t.StudyId == id && t.Fingerprint == fingerprint && t.Number != Trial.BaselineNumber && t.Confirms == null)
            .Select(t => new { t.Number, t.State, t.Parameters }).ToListAsync(cancellationToken);
        return alike.Find(t => t.Parameters.Equals(parameters)) is { } same
            ? Problems.Invalid("/parameters", ErrorCode.DuplicateValues, $"Trial {same.Number}, which is {SnakeCase.Of(same.State)}, has this configuration already.")
            : null;
    }

    private static Problem? Refuse(Study study, Trial trial, TrialVerb verb)
    {
        if (StudyRules.Check(study, trial, verb) != VerbOutcome.Illegal)
        {
            return null;
        }

        string state = SnakeCase.Of(trial.State);
        string why = verb == TrialVerb.Retry && trial.State == TrialState.Failed
            ? $"The study is {SnakeCase.Of(study.State)}: its search is over, or the trial's rung has decided without it."
            : $"A trial that is {state} cannot {SnakeCase.Of(verb)}.";
        return Problems.IllegalTransition(state, why);
    }

    private async Task<(string Id, StudySpec Spec)?> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        return await StudyTag.FindAsync(db, idOrName, cancellationToken) is { } tag && await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is { } spec
            ? (tag.Id, spec)
            : null;
    }

    private async Task<TrialResponse?> ReadAsync(HttpContext context, string id, int number, StudySpec spec, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag
            || await db.Trials.SingleOrDefaultAsync(t => t.StudyId == id && t.Number == number, cancellationToken) is not { } trial)
        {
            return null;
        }

        tag.Send(context);
        return (await LeaderboardView.CreateAsync(db, id, spec, cancellationToken)).TrialOf(trial);
    }
}
