using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HyperSearch.Api.Http;

/// <summary>An opaque, URL-safe place in a list: the sort values of its last row and a hash of the filters it belongs to.</summary>
internal static class Cursor
{
    /// <param name="scope">The list and its filters.</param>
    /// <param name="position">The last row's place in the order.</param>
    public static string Write<T>(string scope, T position) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new Envelope<T>(Hash(scope), position)));

    /// <summary>Reads a cursor. The problem says that it is none, or that of another list.</summary>
    public static (T? Position, Problem? Problem) Read<T>(string? text, string scope)
        where T : class
    {
        if (text is null)
        {
            return (null, null);
        }

        Envelope<T>? envelope = Open<T>(text);
        return envelope is null ? (null, Refuse("This is not a cursor; take next_cursor of the page before."))
            : envelope.Scope != Hash(scope) ? (null, Refuse("The cursor belongs to another list or to other filters."))
            : (envelope.Position, null);
    }

    private static Envelope<T>? Open<T>(string text)
        where T : class
    {
        try
        {
            Envelope<T>? envelope = JsonSerializer.Deserialize<Envelope<T>>(Base64Url.DecodeFromChars(text));
            return envelope?.Position is null ? null : envelope;
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    private static Problem Refuse(string why) => Problems.Invalid("?cursor", Core.Studies.ErrorCode.NotAccepted, why);

    private static string Hash(string scope) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(scope)).AsSpan(0, 8));

    private sealed record Envelope<T>(string Scope, T Position);
}
