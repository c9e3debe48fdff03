using HyperSearch.Contracts;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace HyperSearch.Api.Http;

/// <summary>Answers with one page of a list.</summary>
internal static class Pages
{
    /// <param name="context">The request.</param>
    /// <param name="rows">One row more than the page holds, if there is one.</param>
    /// <param name="limit">Items of the page.</param>
    /// <param name="show">What an item looks like.</param>
    /// <param name="cursor">The cursor behind a row.</param>
    public static IResult Answer<TRow, TItem>(HttpContext context, IReadOnlyList<TRow> rows, int limit, Func<TRow, TItem> show, Func<TRow, string> cursor)
    {
        List<TRow> page = [.. rows.Take(limit)];
        List<TItem> items = [.. page.Select(show)];
        string? next = rows.Count > limit ? cursor(page[^1]) : null;
        if (next is not null)
        {
            context.Response.Headers.Link = $"<{NextUrl(context.Request, next)}>; rel=\"next\"";
        }

        return TypedResults.Ok(new Page<TItem> { Items = items, NextCursor = next });
    }

    public static IResult Whole<TItem>(IReadOnlyList<TItem> items) => TypedResults.Ok(new Page<TItem> { Items = items, NextCursor = null });

    private static string NextUrl(HttpRequest request, string cursor)
    {
        IEnumerable<KeyValuePair<string, StringValues>> others = request.Query.Where(q => q.Key != QueryParameter.Cursor.Name);
        return QueryHelpers.AddQueryString(request.PathBase + request.Path, [.. others, new(QueryParameter.Cursor.Name, cursor)]);
    }
}
