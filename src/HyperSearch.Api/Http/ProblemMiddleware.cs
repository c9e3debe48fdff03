namespace HyperSearch.Api.Http;

/// <summary>Whatever goes wrong outside a handler is problem details too, and never shows internals.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await OfStatus(error.StatusCode, context)!.ExecuteAsync(context);
            return;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody reads the answer.
                context.Response.StatusCode = 499;
                return;
            }

            LogUnhandled(logger, context.Request.Method, context.Request.Path, error);
            context.Response.Clear();
            await OfStatus(500, context)!.ExecuteAsync(context);
            return;
        }

        if (!context.Response.HasStarted && context.Response is { ContentLength: null or 0, ContentType: null }
            && OfStatus(context.Response.StatusCode, context) is { } problem)
        {
            await problem.ExecuteAsync(context);
        }
    }

    private static Problem? OfStatus(int status, HttpContext context) => status switch
    {
        < 400 => null,
        404 => Problems.NotFound($"There is no resource {Problems.Quote(context.Request.Path)}."),
        405 => new(405, Slug.MethodNotAllowed, "The resource does not take this method.", $"Allowed: {context.Response.Headers.Allow}."),
        413 => new(413, Slug.PayloadTooLarge, "The body is too large."),
        415 => UnsupportedMediaType,
        >= 500 => new(status, Slug.Internal, "Something went wrong here, not with the request.", "The log has more under this trace id."),
        _ => new(status, Slug.BadRequest, "The request could not be read."),
    };

    public static Problem UnsupportedMediaType { get; } =
        new(415, Slug.UnsupportedMediaType, "The body has another media type.", "Send application/json in UTF-8, not compressed.");

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogUnhandled(ILogger logger, string method, string path, Exception error);
}
