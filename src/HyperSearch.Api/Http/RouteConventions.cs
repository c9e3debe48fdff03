using HyperSearch.Contracts;

namespace HyperSearch.Api.Http;

/// <summary>What every route says of itself.</summary>
internal static class RouteConventions
{
    /// <summary>Its operation id and its line in the documentation.</summary>
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder route, string operationId, string summary) =>
        route.WithName(operationId).WithSummary(summary);

    /// <summary>The query parameters that it takes.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params QueryParameter[] parameters) =>
        route.WithMetadata(new QueryParameters([.. parameters]));

    /// <summary>The headers that it reads.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder route, params object[] headers) => route.WithMetadata(headers);

    /// <summary>It answers 304 to a client that has the version already.</summary>
    public static RouteHandlerBuilder Tagged(this RouteHandlerBuilder route) => route.Reads(RequestHeader.IfNoneMatch).Produces(304);

    /// <summary>The problems that it answers with, besides 500; 422 for its query parameters is one of everybody's.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (int status in statuses.Append(422).Append(500).Distinct().Order())
        {
            route.Produces<ProblemResponse>(status, Problem.ContentType);
        }

        return route;
    }
}
