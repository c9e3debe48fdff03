namespace HyperSearch.Api.OpenApi;

/// <summary>The records of which a route answers 200 with one, depending on its query.</summary>
/// <param name="Types">The records.</param>
internal sealed record AnswersOneOf(params Type[] Types);
