using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace HyperSearch.Artifacts;

/// <summary>The few requests that are made to a bucket; names are without the prefix.</summary>
internal sealed class S3Bucket : IDisposable
{
    private const int MaxNameBytes = 1024;
    private const string DefaultRegion = "us-east-1";
    private readonly AmazonS3Client client;
    private readonly S3Upload upload;
    private readonly string bucket;
    private readonly string prefix;
    private readonly TimeSpan timeout;

    public S3Bucket(S3StoreOptions options)
    {
        AmazonS3Config config = Configuration(options);
        client = Credentials(options) is { } credentials ? new(credentials, config) : new(config);
        bucket = options.Bucket;
        upload = new S3Upload(client, bucket);
        timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        prefix = options.Prefix.Length > 0 ? options.Prefix + "/" : "";
    }

    public bool CanName(string name) => System.Text.Encoding.UTF8.GetByteCount(prefix + name) <= MaxNameBytes;

    public Task UploadAsync(string name, string file, CancellationToken cancellationToken) => upload.SendAsync(prefix + name, file, cancellationToken);

    public async Task PutAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        using MemoryStream body = new(content, writable: false);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = prefix + name, InputStream = body, UseChunkEncoding = false }, cancellationToken);
    }

    public async Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        GetObjectResponse response = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = prefix + name }, cancellationToken);
        return new PatientStream(response.ResponseStream, timeout);
    }

    /// <summary>A small object; null if there is none. That there is no such bucket is an error.</summary>
    public async Task<byte[]?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream content = await OpenAsync(name, cancellationToken);
            using MemoryStream copy = new();
            await content.CopyToAsync(copy, cancellationToken);
            return copy.ToArray();
        }
        catch (AmazonS3Exception exception) when (IsMissing(exception))
        {
            return null;
        }
    }

    /// <summary>Every object whose name starts so, with the time of its writing.</summary>
    public async IAsyncEnumerable<(string Name, DateTimeOffset Written)> ListAsync(string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ListObjectsV2Response page in PagesAsync(start, delimiter: null, cancellationToken))
        {
            foreach (S3Object found in page.S3Objects ?? [])
            {
                yield return (found.Key[prefix.Length..], new DateTimeOffset(found.LastModified!.Value.ToUniversalTime()));
            }
        }
    }

    /// <summary>The names up to the next <c>/</c> of the objects whose names start so.</summary>
    public async IAsyncEnumerable<string> ListFoldersAsync(string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ListObjectsV2Response page in PagesAsync(start, delimiter: "/", cancellationToken))
        {
            foreach (string folder in page.CommonPrefixes ?? [])
            {
                yield return folder[(prefix.Length + start.Length)..^1];
            }
        }
    }

    /// <summary>Deletes objects in one request, which takes at most 1,000.</summary>
    public Task DeleteAsync(IEnumerable<string> names, CancellationToken cancellationToken) => client.DeleteObjectsAsync(
        new DeleteObjectsRequest { BucketName = bucket, Objects = [.. names.Select(n => new KeyVersion { Key = prefix + n })], Quiet = true }, cancellationToken);

    /// <summary>Drops the parts of uploads that were begun and never finished.</summary>
    public async Task AbortUploadsAsync(string start, CancellationToken cancellationToken)
    {
        ListMultipartUploadsResponse unfinished = await client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix + start }, cancellationToken);
        foreach (MultipartUpload upload in unfinished.MultipartUploads ?? [])
        {
            await client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = bucket, Key = upload.Key, UploadId = upload.UploadId }, cancellationToken);
        }
    }

    public void Dispose() => client.Dispose();

    public static bool IsMissing(AmazonS3Exception exception) =>
        exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode != "NoSuchBucket";

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(string start, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = bucket, Prefix = prefix + start, Delimiter = delimiter };
        do
        {
            ListObjectsV2Response page = await client.ListObjectsV2Async(request, cancellationToken);
            yield return page;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is { Length: > 0 });
    }

    private static AmazonS3Config Configuration(S3StoreOptions options)
    {
        AmazonS3Config config = new()
        {
            ForcePathStyle = options.PathStyle,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            MaxErrorRetry = options.Retries,
            // Servers other than Amazon's often do not know the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl.Length > 0)
        {
            config.ServiceURL = options.ServiceUrl;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : DefaultRegion;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return config;
    }

    private static AWSCredentials? Credentials(S3StoreOptions options) =>
        options.AccessKey.Length == 0 ? null
        : options.SessionToken.Length == 0 ? new BasicAWSCredentials(options.AccessKey, options.SecretKey)
        : new SessionAWSCredentials(options.AccessKey, options.SecretKey, options.SessionToken);
}
