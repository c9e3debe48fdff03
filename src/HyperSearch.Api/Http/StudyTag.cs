using System.Globalization;
using System.Text.RegularExpressions;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace HyperSearch.Api.Http;

/// <summary>The ETag of everything about a study. Read before what it stands for: an answer may be newer than its tag, never older.</summary>
internal sealed partial record StudyTag(string Id, long Version, long Spec)
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"\"v{Version}.{Spec}\"");

    /// <summary>Finds a study by id or name in one indexed read; null when there is none.</summary>
    public static async Task<StudyTag?> FindAsync(SearchDb db, string idOrName, CancellationToken cancellationToken)
    {
        if (!Addressable().IsMatch(idOrName))
        {
            return null;
        }

        IQueryable<Study> named = idOrName.StartsWith("st_", StringComparison.Ordinal)
            ? db.Studies.Where(s => s.Id == idOrName)
            : db.Studies.Where(s => s.Name == idOrName);
        return await named.Select(s => new StudyTag(s.Id, s.Version, s.SpecVersion)).SingleOrDefaultAsync(cancellationToken);
    }

    public static StudyTag Of(Study study) => new(study.Id, study.Version, study.SpecVersion);

    /// <summary>Adds the tag to the answer. Returns whether the client has this version already.</summary>
    public bool Send(HttpContext context)
    {
        context.Response.Headers.ETag = Text;
        context.Response.Headers.CacheControl = "no-cache";
        IList<EntityTagHeaderValue> known = context.Request.GetTypedHeaders().IfNoneMatch;
        return known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == Text);
    }

    /// <summary>Whether the request's <c>If-Match</c>, if it has one, names this specification; the version may be another, because it rises with every report.</summary>
    public bool IsExpected(HttpRequest request)
    {
        string end = string.Create(CultureInfo.InvariantCulture, $".{Spec}\"");
        return request.Headers.IfMatch.Count == 0
            || request.GetTypedHeaders().IfMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any)
                || (tag.Tag.StartsWith("\"v", StringComparison.Ordinal) && tag.Tag.EndsWith(end, StringComparison.Ordinal)));
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}\\z")]
    private static partial Regex Addressable();
}
