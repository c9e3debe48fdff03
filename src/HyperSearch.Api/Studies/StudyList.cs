using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Studies;

/// <summary>Lists studies by filters, in one of four orders.</summary>
internal static class StudyList
{
    public static readonly QueryParameter.Choice State = new("state", "Only studies in one of these states, with commas between.", SnakeCase.All<StudyState>(), null, Many: true);
    public static readonly QueryParameter.Text Named = new("q", "Only studies whose name has this piece.", 63);
    public static readonly QueryParameter.Text Label = new("label", "Only studies with this label, as name:value.", 400);
    public static readonly QueryParameter.Choice Sort = new("sort", "The order; a minus is descending.", ["created_at", "-created_at", "name", "-name"], "-created_at");
    public static readonly QueryParameter.Whole Limit = QueryParameter.Limit(50);

    public static async Task<IResult> ListAsync(HttpContext context, SearchDbs dbs, StudyAnswers answers, CancellationToken cancellationToken)
    {
        Query query = Query.Of(context);
        string sort = query.Choice(Sort)!;
        string? label = query.Text(Label);
        if (label?.Contains(':') == false)
        {
            return Problems.Invalid("?label", ErrorCode.NotAccepted, "A label is given as name:value.");
        }

        string scope = string.Join('|', "studies", sort, string.Join(',', query.Choices(State)), query.Text(Named), label);
        (StudyPosition? after, Problem? problem) = Cursor.Read<StudyPosition>(query.Text(QueryParameter.Cursor), scope);
        if (problem is not null)
        {
            return problem;
        }

        int limit = query.Int(Limit);
        await using SearchDb db = dbs.Read();
        IQueryable<Study> wanted = StudyPosition.Order(Filter(db, query, label), sort, after).Take(limit + 1);
        var rows = await wanted.Join(db.Documents, s => s.Id, d => d.StudyId, (s, d) => new { Study = s, Document = d }).ToListAsync(cancellationToken);
        // A join promises no order.
        rows = [.. StudyPosition.Order(rows.Select(r => r.Study).AsQueryable(), sort, null).AsEnumerable().Select(s => rows.First(r => r.Study == s))];
        return Pages.Answer(context, rows, limit,
            r => StudyView.SummaryOf(r.Study, StudyView.CurrentOf(r.Study, r.Document, answers.RulesOf(r.Document).Spec)),
            r => Cursor.Write(scope, StudyPosition.Of(r.Study)));
    }

    private static IQueryable<Study> Filter(SearchDb db, Query query, string? label)
    {
        IQueryable<Study> studies = db.Studies;
        if (query.Choices(State) is { Length: > 0 } names)
        {
            StudyState[] states = SnakeCase.Parse<StudyState>(names);
            studies = studies.Where(s => states.Contains(s.State));
        }

        if (query.Text(Named) is { } piece)
        {
            studies = studies.Where(s => s.Name.Contains(piece));
        }

        if (label is not null)
        {
            int colon = label.IndexOf(':', StringComparison.Ordinal);
            string text = LabelText.Piece(label[..colon], label[(colon + 1)..]);
            studies = studies.Where(s => db.Documents.Any(d => d.StudyId == s.Id && d.Labels.Contains(text)));
        }

        return studies;
    }
}
