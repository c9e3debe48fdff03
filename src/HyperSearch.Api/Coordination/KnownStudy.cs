using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Coordination;

/// <summary>What never changes about a study.</summary>
/// <param name="Rules">Its rules.</param>
/// <param name="Resolved">The resolved study as JSON, as workers get it.</param>
internal sealed record KnownStudy(StudyRules Rules, string Resolved);
