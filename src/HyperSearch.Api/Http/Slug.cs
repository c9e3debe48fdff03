namespace HyperSearch.Api.Http;

/// <summary>The slugs of problems that are not codes of single validation errors as well.</summary>
internal static class Slug
{
    public const string MalformedJson = "malformed-json";
    public const string StudyNameTaken = "study-name-taken";
    public const string IllegalTransition = "illegal-transition";
    public const string IdempotencyKeyReused = "idempotency-key-reused";
    public const string NotFound = "not-found";
    public const string PayloadTooLarge = "payload-too-large";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string RequestInFlight = "request-in-flight";
    public const string SpecDiffers = "spec-differs";
    public const string NotFinal = "not-final";
    public const string EnqueueClosed = "enqueue-closed";
    public const string PreconditionFailed = "precondition-failed";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string BadRequest = "bad-request";
    public const string Internal = "internal";
}
