using System.Collections.Immutable;

namespace HyperSearch.Api.Http;

/// <summary>All query parameters that a route takes: what a request is checked against, and what the OpenAPI document shows.</summary>
internal sealed record QueryParameters(ImmutableArray<QueryParameter> All)
{
    public static QueryParameters None { get; } = new([]);
}
