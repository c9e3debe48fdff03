using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace HyperSearch.Api.Http;

/// <summary>A body that is JSON in UTF-8, whole and readable; what it means is for the validator to say.</summary>
internal sealed record RequestBody(byte[] Bytes, JsonDocument Document) : IDisposable
{
    /// <summary>Bytes of a body at most.</summary>
    public const int Limit = 1_048_576;

    /// <summary>Nesting of a body at most.</summary>
    public const int Depth = 64;

    /// <summary>What a body is that creates something.</summary>
    public static readonly string[] Json = ["application/json"];

    /// <summary>What a body is that changes something.</summary>
    public static readonly string[] Patch = ["application/merge-patch+json", "application/json"];

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Reads the body, or says why not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="types">The media types that it may have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<(RequestBody? Body, Problem? Problem)> ReadAsync(HttpRequest request, string[] types, CancellationToken cancellationToken)
    {
        if (!IsOneOf(types, request))
        {
            return (null, ProblemMiddleware.UnsupportedMediaType);
        }

        if (await ReadBytesAsync(request, cancellationToken) is not { } bytes)
        {
            return (null, new Problem(413, Slug.PayloadTooLarge, "The body is too large.", $"A body has at most {Limit} bytes."));
        }

        return Parse(bytes);
    }

    public void Dispose() => Document.Dispose();

    private static (RequestBody? Body, Problem? Problem) Parse(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return (null, Problems.MalformedJson("The body is empty."));
        }

        if (!Utf8.IsValid(bytes))
        {
            return (null, Problems.MalformedJson("The body is not valid UTF-8."));
        }

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Depth });
            RequireWholeTexts(bytes);
            return (new RequestBody(bytes, document), null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            return (null, Problems.MalformedJson(error is JsonException json ? Explain(json) : "A text has half of a surrogate pair."));
        }
    }

    /// <summary>Half a surrogate pair, written as an escape, is no text.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    private static void RequireWholeTexts(byte[] bytes)
    {
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = Depth });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped && reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                reader.GetString();
            }
        }
    }

    private static string Explain(JsonException error) => error.LineNumber is { } line && error.BytePositionInLine is { } position
        ? $"It stops being JSON (or is nested deeper than {Depth}) at line {line + 1}, byte {position + 1}."
        : "It is not JSON.";

    private static bool IsOneOf(string[] types, HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && types.Any(t => type.MediaType.Equals(t, StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.All(e => string.IsNullOrEmpty(e) || e.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Limit)
        {
            return null;
        }

        byte[] buffer = new byte[16_384];
        using MemoryStream all = new();
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            all.Write(buffer, 0, read);
            if (all.Length > Limit)
            {
                return null;
            }
        }

        return WithoutMark(all.ToArray());
    }

    private static byte[] WithoutMark(byte[] bytes) => bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
}
