using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;

namespace HyperSearch.Artifacts;

/// <summary>What goes wrong between a bucket and us, in the words of the store. Nothing of a request is repeated.</summary>
internal static class S3Failure
{
    private static readonly string[] fullCodes = ["QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage"];

    /// <summary>A timeout is a cancellation that nobody asked for.</summary>
    public static bool IsOne(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AmazonServiceException or AmazonClientException or HttpRequestException => true,
        IOException or UnauthorizedAccessException or TimeoutException or JsonException => true,
        _ => false,
    };

    public static ArtifactStoreException Of(string action, string key, string bucket, Exception exception) => exception switch
    {
        AmazonS3Exception s3 => ArtifactStoreException.From(action, key, s3, Reason(s3, bucket), IsFull(s3), S3Bucket.IsMissing(s3)),
        OperationCanceledException or TimeoutException => Unreachable(action, key, bucket, exception, "it did not answer in time"),
        JsonException => Unreachable(action, key, bucket, exception, "what describes the folder cannot be read"),
        AmazonServiceException or AmazonClientException or HttpRequestException => Unreachable(action, key, bucket, exception, exception.Message),
        _ => ArtifactStoreException.From(action, key, exception),
    };

    private static ArtifactStoreException Unreachable(string action, string key, string bucket, Exception exception, string reason) =>
        ArtifactStoreException.From(action, key, exception, $"bucket '{bucket}': {reason}", outOfSpace: false, missing: false);

    private static bool IsFull(AmazonS3Exception exception) =>
        exception.StatusCode == HttpStatusCode.InsufficientStorage || fullCodes.Contains(exception.ErrorCode);

    private static string Reason(AmazonS3Exception exception, string bucket) => exception switch
    {
        { ErrorCode: "NoSuchBucket" } => $"bucket '{bucket}' does not exist",
        { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => $"bucket '{bucket}' refuses access ({exception.ErrorCode})",
        _ => $"bucket '{bucket}': {exception.ErrorCode} {(int)exception.StatusCode} {exception.Message}",
    };
}
