using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HyperSearch.Artifacts.Tests;

/// <summary>The body of a request to S3: plain with its hash in a header, or in signed chunks (<c>aws-chunked</c>).</summary>
internal static class S3Body
{
    /// <summary>The content; null after an answer that refuses it.</summary>
    public static async Task<byte[]?> TryReadAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        byte[] content = body.ToArray();
        string hash = context.Request.Headers["x-amz-content-sha256"].ToString();
        if (hash.StartsWith("STREAMING-", StringComparison.Ordinal))
        {
            content = Unchunk(content);
            if (context.Request.Headers["x-amz-decoded-content-length"] != content.Length.ToString(CultureInfo.InvariantCulture))
            {
                await FakeS3.FailAsync(context, HttpStatusCode.BadRequest, "IncompleteBody");
                return null;
            }
        }
        else if (hash != Convert.ToHexStringLower(SHA256.HashData(content)))
        {
            await FakeS3.FailAsync(context, HttpStatusCode.BadRequest, "XAmzContentSHA256Mismatch");
            return null;
        }

        return content;
    }

    // SIZE;chunk-signature=...CRLF, the bytes, CRLF, and so on until size 0; lines of trailers may follow.
    private static byte[] Unchunk(byte[] body)
    {
        using MemoryStream content = new();
        ReadOnlySpan<byte> rest = body;
        while (true)
        {
            int lineEnd = rest.IndexOf("\r\n"u8);
            string header = Encoding.ASCII.GetString(rest[..lineEnd]);
            int size = int.Parse(header.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return content.ToArray();
            }

            content.Write(rest.Slice(lineEnd + 2, size));
            rest = rest[(lineEnd + 2 + size + 2)..];
        }
    }
}
