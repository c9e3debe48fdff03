using System.Text.Json;
using HyperSearch.Contracts;

namespace HyperSearch.Api.Studies;

/// <summary>A study as it is answered with, and what the answer's headers need.</summary>
internal sealed record StoredStudy(StudyResponse Answer, long SpecVersion)
{
    public string Id => Answer.Id;

    public long Version => Answer.Version;

    public JsonElement Resolved => Answer.Resolved;
}
