using Amazon.S3;
using Amazon.S3.Model;

namespace HyperSearch.Artifacts;

/// <summary>
/// Streams files into a bucket: small ones in one request, large ones in parts, of which no reader sees any before all are
/// there. Bodies are not signed in chunks, which not every server takes: a file is read once more for its hash instead.
/// </summary>
internal sealed class S3Upload(IAmazonS3 client, string bucket)
{
    private const long PartBytes = 16 << 20;
    private const int MaxParts = 10_000;
    private const int PartsAtOnce = 4;
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(10);

    public async Task SendAsync(string key, string file, CancellationToken cancellationToken)
    {
        long length = new FileInfo(file).Length;
        if (length <= PartBytes)
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, FilePath = file, UseChunkEncoding = false }, cancellationToken);
            return;
        }

        InitiateMultipartUploadResponse begun = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, cancellationToken);
        bool complete = false;
        try
        {
            PartETag[] parts = await SendPartsAsync(begun, file, length, cancellationToken);
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = begun.UploadId, PartETags = [.. parts] }, cancellationToken);
            complete = true;
        }
        finally
        {
            if (!complete)
            {
                await TryAbortAsync(key, begun.UploadId);
            }
        }
    }

    private async Task<PartETag[]> SendPartsAsync(InitiateMultipartUploadResponse begun, string file, long length, CancellationToken cancellationToken)
    {
        long partBytes = Math.Max(PartBytes, (length + MaxParts - 1) / MaxParts);
        var parts = new PartETag[(length + partBytes - 1) / partBytes];
        ParallelOptions several = new() { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, parts.Length, several, async (i, token) =>
        {
            UploadPartResponse sent = await client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = bucket,
                    Key = begun.Key,
                    UploadId = begun.UploadId,
                    PartNumber = i + 1,
                    FilePath = file,
                    FilePosition = i * partBytes,
                    PartSize = Math.Min(partBytes, length - (i * partBytes)),
                    UseChunkEncoding = false,
                },
                token);
            parts[i] = new PartETag(i + 1, sent.ETag);
        });
        return parts;
    }

    /// <summary>What stays behind is found by the sweep.</summary>
    private async Task<bool> TryAbortAsync(string key, string uploadId)
    {
        using CancellationTokenSource timeout = new(AbortTimeout);
        try
        {
            await client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = uploadId }, timeout.Token);
            return true;
        }
        catch (Exception exception) when (S3Failure.IsOne(exception, CancellationToken.None))
        {
            return false;
        }
    }
}
