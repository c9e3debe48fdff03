using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace HyperSearch.Artifacts.Tests;

/// <summary>
/// An S3 server in this process with one bucket, path-style only: the requests that the store makes, answered as the
/// protocol's reference says, over HTTP. Signatures are not checked, hashes and lengths of bodies are.
/// </summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    public const string Bucket = "artifacts";
    public const string AccessKey = "AKIAFAKE";
    public const string SecretKey = "secret-of-the-fake";
    private const int PageSize = 1000;
    private const int SmallestPart = 5 << 20;
    private static readonly XNamespace s3 = "http://s3.amazonaws.com/doc/2006-03-01/";
    private readonly WebApplication app;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, StoredObject> objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UnfinishedUpload> uploads = [];

    private FakeS3(WebApplication app, TimeProvider time)
    {
        this.app = app;
        this.time = time;
        app.Run(HandleAsync);
    }

    /// <summary>Answers in place of the server where it returns true.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>Method and target of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public string Url => app.Urls.First();

    public string[] Names
    {
        get
        {
            lock (gate)
            {
                return [.. objects.Keys];
            }
        }
    }

    public int UnfinishedUploads
    {
        get
        {
            lock (gate)
            {
                return uploads.Count;
            }
        }
    }

    public static async Task<FakeS3> StartAsync(TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel((KestrelServerOptions options) => options.Limits.MaxRequestBodySize = null);
        FakeS3 server = new(builder.Build(), time);
        await server.app.StartAsync();
        return server;
    }

    public void Add(string name, byte[] content)
    {
        lock (gate)
        {
            objects[name] = new(content, time.GetUtcNow(), Tag(content));
        }
    }

    public string AddUpload(string name)
    {
        string id = Guid.NewGuid().ToString("N");
        lock (gate)
        {
            uploads[id] = new(name, []);
        }

        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    public static async Task FailAsync(HttpContext context, HttpStatusCode status, string code)
    {
        context.Response.StatusCode = (int)status;
        await WriteAsync(context, new XElement("Error", new XElement("Code", code), new XElement("Message", $"The message of {code}."), new XElement("RequestId", "1")));
    }

    public static async Task UntilClientLeavesAsync(HttpContext context)
    {
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = context.RequestAborted.Register(left.SetResult);
        await left.Task;
    }

    private async Task HandleAsync(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Requests.Enqueue($"{context.Request.Method} {target}");
        if (await Intercept(context))
        {
            return;
        }

        string[] path = Uri.UnescapeDataString(target.Split('?')[0]).TrimStart('/').Split('/', 2);
        Dictionary<string, StringValues> query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
        if (!context.Request.Headers.Authorization.ToString().Contains($"Credential={AccessKey}/", StringComparison.Ordinal))
        {
            await FailAsync(context, HttpStatusCode.Forbidden, "InvalidAccessKeyId");
        }
        else if (path[0] != Bucket)
        {
            await FailAsync(context, HttpStatusCode.NotFound, "NoSuchBucket");
        }
        else if (path.Length == 1 || path[1].Length == 0)
        {
            await HandleBucketAsync(context, query);
        }
        else
        {
            await HandleObjectAsync(context, path[1], query);
        }
    }

    private Task HandleBucketAsync(HttpContext context, Dictionary<string, StringValues> query) => context.Request.Method switch
    {
        "GET" when query.ContainsKey("uploads") => ListUploadsAsync(context, query.GetValueOrDefault("prefix").ToString()),
        "GET" when query.GetValueOrDefault("list-type") == "2" => ListAsync(context, query),
        "POST" when query.ContainsKey("delete") => DeleteManyAsync(context),
        _ => FailAsync(context, HttpStatusCode.NotImplemented, "NotImplemented"),
    };

    private Task HandleObjectAsync(HttpContext context, string name, Dictionary<string, StringValues> query) => context.Request.Method switch
    {
        "GET" or "HEAD" => GetAsync(context, name),
        "PUT" when query.ContainsKey("partNumber") => PutPartAsync(context, query),
        "PUT" => PutAsync(context, name),
        "POST" when query.ContainsKey("uploads") => BeginUploadAsync(context, name),
        "POST" when query.ContainsKey("uploadId") => CompleteUploadAsync(context, name, query["uploadId"].ToString()),
        "DELETE" when query.ContainsKey("uploadId") => AbortUploadAsync(context, query["uploadId"].ToString()),
        "DELETE" => DeleteAsync(context, name),
        _ => FailAsync(context, HttpStatusCode.NotImplemented, "NotImplemented"),
    };

    private async Task GetAsync(HttpContext context, string name)
    {
        StoredObject? found;
        lock (gate)
        {
            found = objects.GetValueOrDefault(name);
        }

        if (found is null)
        {
            await FailAsync(context, HttpStatusCode.NotFound, "NoSuchKey");
            return;
        }

        context.Response.ContentLength = found.Content.Length;
        context.Response.Headers.ETag = found.Tag;
        context.Response.Headers.LastModified = found.Written.ToString("R", CultureInfo.InvariantCulture);
        if (context.Request.Method == "GET")
        {
            await context.Response.Body.WriteAsync(found.Content, context.RequestAborted);
        }
    }

    private async Task PutAsync(HttpContext context, string name)
    {
        if (await S3Body.TryReadAsync(context) is { } content)
        {
            Add(name, content);
            context.Response.Headers.ETag = Tag(content);
        }
    }

    private Task DeleteAsync(HttpContext context, string name)
    {
        lock (gate)
        {
            objects.Remove(name);
        }

        context.Response.StatusCode = (int)HttpStatusCode.NoContent;
        return Task.CompletedTask;
    }

    private async Task DeleteManyAsync(HttpContext context)
    {
        if (await S3Body.TryReadAsync(context) is not { } body)
        {
            return;
        }

        string[] names = [.. XDocument.Load(new MemoryStream(body)).Descendants().Where(e => e.Name.LocalName == "Key").Select(e => e.Value)];
        bool isHashed = context.Request.Headers.Keys.Any(h => h is "Content-MD5" || h.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase));
        if (names.Length is 0 or > PageSize || !isHashed)
        {
            await FailAsync(context, HttpStatusCode.BadRequest, isHashed ? "MalformedXML" : "InvalidRequest");
            return;
        }

        lock (gate)
        {
            Array.ForEach(names, name => objects.Remove(name));
        }

        await WriteAsync(context, new XElement(s3 + "DeleteResult"));
    }

    private async Task ListAsync(HttpContext context, Dictionary<string, StringValues> query)
    {
        string prefix = query.GetValueOrDefault("prefix").ToString();
        string delimiter = query.GetValueOrDefault("delimiter").ToString();
        string after = query.GetValueOrDefault("continuation-token").ToString();
        List<(string Name, StoredObject? Found)> entries = [];
        lock (gate)
        {
            foreach ((string name, StoredObject found) in objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal)))
            {
                int end = delimiter.Length > 0 ? name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) : -1;
                (string Name, StoredObject? Found) entry = end < 0 ? (name, found) : (name[..(end + delimiter.Length)], null);
                if (string.CompareOrdinal(entry.Name, after) > 0 && (entries.Count == 0 || entries[^1].Name != entry.Name))
                {
                    entries.Add(entry);
                }
            }
        }

        bool isTruncated = entries.Count > PageSize;
        List<(string Name, StoredObject? Found)> page = [.. entries.Take(PageSize)];
        await WriteAsync(context, new XElement(
            s3 + "ListBucketResult",
            new XElement(s3 + "Name", Bucket),
            new XElement(s3 + "IsTruncated", isTruncated),
            isTruncated ? new XElement(s3 + "NextContinuationToken", page[^1].Name) : null,
            page.Select(e => e.Found is { } found
                ? new XElement(s3 + "Contents", new XElement(s3 + "Key", e.Name), new XElement(s3 + "LastModified", found.Written.UtcDateTime), new XElement(s3 + "ETag", found.Tag), new XElement(s3 + "Size", found.Content.Length))
                : new XElement(s3 + "CommonPrefixes", new XElement(s3 + "Prefix", e.Name)))));
    }

    private async Task ListUploadsAsync(HttpContext context, string prefix)
    {
        XElement[] found;
        lock (gate)
        {
            found = [.. from u in uploads where u.Value.Name.StartsWith(prefix, StringComparison.Ordinal) select new XElement(s3 + "Upload", new XElement(s3 + "Key", u.Value.Name), new XElement(s3 + "UploadId", u.Key))];
        }

        await WriteAsync(context, new XElement(s3 + "ListMultipartUploadsResult", new XElement(s3 + "IsTruncated", false), found));
    }

    private Task BeginUploadAsync(HttpContext context, string name) => WriteAsync(context, new XElement(
        s3 + "InitiateMultipartUploadResult", new XElement(s3 + "Bucket", Bucket), new XElement(s3 + "Key", name), new XElement(s3 + "UploadId", AddUpload(name))));

    private async Task PutPartAsync(HttpContext context, Dictionary<string, StringValues> query)
    {
        if (await S3Body.TryReadAsync(context) is not { } content)
        {
            return;
        }

        bool isKnown;
        lock (gate)
        {
            isKnown = uploads.TryGetValue(query["uploadId"].ToString(), out UnfinishedUpload? upload);
            upload?.Parts[int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = content;
        }

        context.Response.Headers.ETag = Tag(content);
        if (!isKnown)
        {
            await FailAsync(context, HttpStatusCode.NotFound, "NoSuchUpload");
        }
    }

    private async Task CompleteUploadAsync(HttpContext context, string name, string id)
    {
        byte[] body = await S3Body.TryReadAsync(context) ?? [];
        (int Number, string Tag)[] named =
        [
            .. from part in XDocument.Load(new MemoryStream(body)).Descendants()
               where part.Name.LocalName == "Part"
               select ((int)part.Elements().Single(e => e.Name.LocalName == "PartNumber"), part.Elements().Single(e => e.Name.LocalName == "ETag").Value),
        ];
        string? error = null;
        lock (gate)
        {
            byte[][] parts = uploads.TryGetValue(id, out UnfinishedUpload? upload) ? [.. upload.Parts.Values] : [];
            error = parts.Length == 0 ? "NoSuchUpload"
                : !upload!.Parts.Select(p => (p.Key, Tag(p.Value))).SequenceEqual(named) ? "InvalidPart"
                : parts[..^1].Any(p => p.Length < SmallestPart) ? "EntityTooSmall" : null;
            if (error is null)
            {
                uploads.Remove(id);
                Add(name, [.. parts.SelectMany(p => p)]);
            }
        }

        await (error is null
            ? WriteAsync(context, new XElement(s3 + "CompleteMultipartUploadResult", new XElement(s3 + "Bucket", Bucket), new XElement(s3 + "Key", name), new XElement(s3 + "ETag", "\"tag-2\"")))
            : FailAsync(context, HttpStatusCode.BadRequest, error));
    }

    private Task AbortUploadAsync(HttpContext context, string id)
    {
        lock (gate)
        {
            uploads.Remove(id);
        }

        context.Response.StatusCode = (int)HttpStatusCode.NoContent;
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext context, XElement answer)
    {
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + answer, context.RequestAborted);
    }

    // In the form of an object that was uploaded in parts: a client takes one without the dash for an MD5.
    private static string Tag(byte[] content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}-1\"";

    private sealed record StoredObject(byte[] Content, DateTimeOffset Written, string Tag);

    private sealed record UnfinishedUpload(string Name, SortedDictionary<int, byte[]> Parts);
}
