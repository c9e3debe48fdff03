using HyperSearch.Contracts;

namespace HyperSearch.Api.Studies;

/// <summary>A study as it is answered with, and what else belongs to the answer.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="SpecVersion">For its tag.</param>
/// <param name="Resolved">The resolved study as it was created.</param>
internal sealed record StoredStudy(StudyResponse Answer, long SpecVersion, string Resolved)
{
    public string Id => Answer.Id;

    public long Version => Answer.Version;
}
