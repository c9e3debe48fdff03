namespace HyperSearch.Api.Http;

/// <summary>Checks the query parameters of every route against what it takes, before its handler runs.</summary>
internal static class QueryFilter
{
    public static async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        QueryParameters known = http.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>() ?? QueryParameters.None;
        (Query query, var errors) = Query.Read(http.Request.Query, known);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        http.Features.Set(query);
        return await next(context);
    }
}
