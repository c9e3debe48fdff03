using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Contracts;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Studies;

/// <summary>Repeats a study's decision log in memory, entry by entry as the database gives them.</summary>
internal static class ReplayView
{
    public static async Task<IResult> GetAsync(
        string id, SearchDbs dbs, StudyAnswers answers, StudySimulations simulations, IOptions<CoordinationOptions> options, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag || await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is not { } spec)
        {
            return Problems.NoStudy(id);
        }

        DecisionReplay replay = new(spec, options.Value.MaxLostAttempts);
        return TypedResults.Ok(await simulations.InTurnAsync(() => RepeatAsync(db, tag.Id, replay, cancellationToken), cancellationToken));
    }

    private static async Task<ReplayResponse> RepeatAsync(SearchDb db, string id, DecisionReplay replay, CancellationToken cancellationToken)
    {
        long entries = 0;
        ReplayDifference? difference = null;
        await foreach (DecisionLogEntry entry in db.Decisions.Where(d => d.StudyId == id).OrderBy(d => d.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            entries++;
            if ((difference = replay.Next(entry)) is not null)
            {
                break;
            }
        }

        return new() { Entries = entries, Matches = difference is null, FirstDifference = difference is null ? null : Show(difference) };
    }

    private static ReplayDifferenceResponse Show(ReplayDifference difference) => new()
    {
        Sequence = difference.Sequence,
        Input = DecisionLogEntry.Write(difference.Input),
        Recorded = DecisionLogEntry.Write(difference.Recorded),
        Replayed = DecisionLogEntry.Write(difference.Replayed),
        Refused = difference.Refused,
    };
}
