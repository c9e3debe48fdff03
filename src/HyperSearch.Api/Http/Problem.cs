using System.Diagnostics;
using HyperSearch.Contracts;
using Microsoft.Net.Http.Headers;

namespace HyperSearch.Api.Http;

/// <summary>An answer from 400 up, as problem details (RFC 9457).</summary>
internal sealed record Problem(int Status, string Slug, string Title, string? Detail = null) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>The current state, where a verb is impossible.</summary>
    public string? State { get; init; }

    /// <summary>All errors of an invalid request.</summary>
    public IReadOnlyList<ErrorResponse>? Errors { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
        ProblemResponse body = new()
        {
            Type = $"/problems/{Slug}",
            Title = Title,
            Status = Status,
            Detail = Detail,
            TraceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier,
            State = State,
            Errors = Errors,
        };
        return httpContext.Response.WriteAsJsonAsync(body, ApiJson.Written.ProblemResponse, ContentType, httpContext.RequestAborted);
    }
}
