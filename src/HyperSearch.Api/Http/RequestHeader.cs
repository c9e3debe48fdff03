namespace HyperSearch.Api.Http;

/// <summary>A request header that a route reads, for the OpenAPI document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Example">A value.</param>
internal sealed record RequestHeader(string Name, string Meaning, string Example)
{
    public static RequestHeader IdempotencyKey { get; } =
        new("Idempotency-Key", "Makes the creation safe to repeat for 24 hours: the same key and body are answered the same.", "3f0f9c52-1d0c-4a55-9a3e-4a86f6a7f0c1");

    public static RequestHeader IfNoneMatch { get; } =
        new("If-None-Match", "The ETag that the client has; 304 while nothing has changed.", "\"v12.1\"");

    public static RequestHeader IfMatch { get; } =
        new("If-Match", "The ETag on which the change rests; 412 when the study was changed since by a verb or a patch. Its progress does not count.", "\"v12.1\"");

    public static RequestHeader Range { get; } = new("Range", "A part of the file, in bytes.", "bytes=0-1023");
}
