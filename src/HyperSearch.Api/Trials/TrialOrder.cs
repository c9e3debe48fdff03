using System.Collections.Immutable;
using System.Globalization;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Trials;

/// <summary>An order of trials: by number, by value or by a hyperparameter; missing last, ties by number.</summary>
internal sealed record TrialOrder(string Name, bool Descending)
{
    private const string ByNumber = "number";
    private const string ByValue = "value";

    /// <summary>All orders that a request may name.</summary>
    public static ImmutableArray<string> All { get; } =
        [.. ((string[])[ByNumber, ByValue, .. HyperparameterCatalog.All.Select(h => h.Name)]).SelectMany(n => (string[])[n, "-" + n])];

    public static TrialOrder Parse(string sort) => sort.StartsWith('-') ? new(sort[1..], true) : new(sort, false);

    /// <summary>One page of a study's trials. The text holds only names of this code; everything of the request is a parameter.</summary>
    public async Task<List<Trial>> PageAsync(SearchDb db, string studyId, IReadOnlyList<TrialState> states, TrialPosition? after, int count, CancellationToken cancellationToken)
    {
        string key = Key(db.Sql);
        List<object> values = [studyId];
        string where = "study_id = {0}";
        if (states.Count > 0)
        {
            where += $" AND state IN ({string.Join(", ", states.Select(s => Add(values, s.ToString())))})";
        }

        if (after is { Key: { } at })
        {
            string place = Add(values, at);
            where += $" AND ({key} {(Descending ? '<' : '>')} {place} OR ({key} = {place} AND number > {Add(values, after.Number)}) OR {key} IS NULL)";
        }
        else if (after is not null)
        {
            where += $" AND {key} IS NULL AND number > {Add(values, after.Number)}";
        }

        string sql = $"SELECT * FROM trials WHERE {where} ORDER BY {key} IS NULL, {key} {(Descending ? "DESC" : "ASC")}, number LIMIT {Add(values, count)}";
        return await db.Trials.FromSqlRaw(sql, [.. values]).AsNoTracking().ToListAsync(cancellationToken);
    }

    public TrialPosition PositionOf(Trial trial) => new(Name switch
    {
        ByNumber => trial.Number,
        ByValue => trial.Value,
        _ => trial.Parameters[HyperparameterCatalog.Find(Name)!],
    }, trial.Number);

    private string Key(ISqlDialect sql)
    {
        if (Name is ByNumber or ByValue)
        {
            return $"CAST({Name} AS double precision)";
        }

        Hyperparameter parameter = HyperparameterCatalog.Find(Name) ?? throw new InvalidOperationException($"Unknown order {Name}.");
        string text = sql.Parameter(parameter.Name);
        if (parameter.Kind != HyperparameterKind.Choice)
        {
            return $"CAST({text} AS double precision)";
        }

        // Choices in the order of the catalogue.
        IEnumerable<string> cases = parameter.Choices.Select((choice, i) => string.Create(CultureInfo.InvariantCulture, $"WHEN '{choice}' THEN {i}"));
        return $"CAST((CASE {text} {string.Join(' ', cases)} END) AS double precision)";
    }

    private static string Add(List<object> values, object value)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"{{{values.Count - 1}}}");
    }
}
