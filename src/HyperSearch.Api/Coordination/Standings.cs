using HyperSearch.Api.Persistence;
using HyperSearch.Core.Schedulers;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Coordination;

/// <summary>
/// The ordered results of one study: a few neighbours at a time, each by a range of an index. Rows are compared as a whole,
/// because only then an index range begins at the cut and not at the level's first row.
/// </summary>
internal sealed class Standings(SearchDb db, string studyId, CancellationToken cancellationToken)
{
    private const int Reach = Neighbourhood.Reach;

    /// <summary>What stands around a cut.</summary>
    /// <param name="bracket">The ladder, or that of running averages.</param>
    /// <param name="level">The rung's index, or the epoch.</param>
    /// <param name="cut">The cut; null where there is none.</param>
    /// <param name="number">The trial in question.</param>
    public async Task<Neighbourhood> NearAsync(int bracket, int level, Standing? cut, int number)
    {
        List<Row> rows = await (cut is { } at ? Around(bracket, level, at, number) : First(bracket, level, number)).ToListAsync(cancellationToken);
        return new()
        {
            Before = [.. rows.Where(r => r.Side == "before").Select(r => r.Standing).OrderDescending()],
            After = [.. rows.Where(r => r.Side == "after").Select(r => r.Standing).Order()],
            Open = [.. rows.Where(r => r.Side == "open").Select(r => r.Standing).Order()],
            Own = rows.Where(r => r.Side == "own").Select(r => (Standing?)r.Standing).SingleOrDefault(),
        };
    }

    /// <summary>Carries out what the rules changed, at once: the next lookup of the same transaction sees it.</summary>
    public async Task StoreAsync(StandingChange change)
    {
        (int bracket, int level, int number, StandingChangeKind kind, double loss) = change;
        int rows = await db.Database.ExecuteSqlAsync(kind switch
        {
            StandingChangeKind.Insert => $"INSERT INTO ranked_results (study_id, bracket, level, number, loss, taken) VALUES ({studyId}, {bracket}, {level}, {number}, {loss}, false)",
            StandingChangeKind.Remove => $"DELETE FROM ranked_results WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level} AND number = {number}",
            StandingChangeKind.Take => $"UPDATE ranked_results SET taken = true WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level} AND number = {number}",
            _ => throw new InvalidOperationException($"Unknown change {kind}."),
        }, cancellationToken);
        if (rows != 1)
        {
            throw new InvalidOperationException($"{change} of study {studyId} touched {rows} rows.");
        }
    }

    private IQueryable<Row> Around(int bracket, int level, Standing at, int number) => db.Database.SqlQuery<Row>($"""
        SELECT 'before' AS "Side", loss AS "Loss", number AS "Number" FROM (
            SELECT loss, number FROM ranked_results WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level}
            AND (loss, number) < ({at.Loss}, {at.Number}) ORDER BY loss DESC, number DESC LIMIT {Reach}) AS b
        UNION ALL SELECT 'after', loss, number FROM (
            SELECT loss, number FROM ranked_results WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level}
            AND (loss, number) > ({at.Loss}, {at.Number}) ORDER BY loss, number LIMIT {Reach}) AS a
        UNION ALL SELECT 'open', loss, number FROM (
            SELECT loss, number FROM ranked_results WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level}
            AND taken = false ORDER BY loss, number LIMIT {Reach}) AS o
        UNION ALL SELECT 'own', loss, number FROM ranked_results
            WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level} AND number = {number}
        """);

    private IQueryable<Row> First(int bracket, int level, int number) => db.Database.SqlQuery<Row>($"""
        SELECT 'after' AS "Side", loss AS "Loss", number AS "Number" FROM (
            SELECT loss, number FROM ranked_results WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level}
            ORDER BY loss, number LIMIT {Reach}) AS a
        UNION ALL SELECT 'open', loss, number FROM (
            SELECT loss, number FROM ranked_results WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level}
            AND taken = false ORDER BY loss, number LIMIT {Reach}) AS o
        UNION ALL SELECT 'own', loss, number FROM ranked_results
            WHERE study_id = {studyId} AND bracket = {bracket} AND level = {level} AND number = {number}
        """);

    private sealed record Row(string Side, double Loss, int Number)
    {
        public Standing Standing => new(Loss, Number);
    }
}
