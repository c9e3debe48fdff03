namespace HyperSearch.Artifacts.Tests;

/// <summary>
/// The suite against a server that others wrote: <c>HYPERSEARCH_TEST_S3</c> is its URL with access key, secret and bucket,
/// <c>http://KEY:SECRET@127.0.0.1:4568/BUCKET</c>; <c>tests/Servers/s3</c> starts one.
/// </summary>
[Trait("Category", "Fetched")]
public sealed class S3ServerTests : ArtifactStoreSuite, IAsyncLifetime
{
    private readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("hypersearch-cache-");
    private S3ArtifactStore? store;

    protected override IArtifactStore Store => store!;

    private static bool IsS3rver => Environment.GetEnvironmentVariable("HYPERSEARCH_TEST_S3_NAME") == "s3rver";

    // Its walk stops at folders without files of their own: a prefix that holds only deeper ones comes back empty.
    protected override string? CannotListFolders =>
        IsS3rver ? "s3rver does not list folders that hold only folders" : null;

    // It writes an object's contents and its hash one after the other: two writers can leave those of different objects.
    protected override string? CannotOverwriteAtOnce => IsS3rver ? "s3rver does not overwrite an object as a whole" : null;

    public ValueTask InitializeAsync()
    {
        string url = Environment.GetEnvironmentVariable("HYPERSEARCH_TEST_S3") ?? "";
        Assert.SkipWhen(url.Length == 0, "no S3 server: HYPERSEARCH_TEST_S3 is not set (tests/run --install fetches s3rver)");
        Uri server = new(url);
        store = new S3ArtifactStore(new S3StoreOptions
        {
            Bucket = server.AbsolutePath.Trim('/'),
            ServiceUrl = $"{server.Scheme}://{server.Authority}",
            PathStyle = true,
            Prefix = Guid.NewGuid().ToString("N"),
            AccessKey = server.UserInfo.Split(':')[0],
            SecretKey = server.UserInfo.Split(':')[1],
            CacheFolder = cache.FullName,
        }, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task PutFolder_LargeFile_ComesBackTheSame()
    {
        string folder = Folder(("small", "1"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "large"), [.. Enumerable.Range(0, 20_000_000).Select(i => (byte)(i * 31 / 7))], Cancellation);

        string hash = await Store.PutFolderAsync("k", folder, Cancellation);

        (await Store.HashAsync("k", Cancellation)).ShouldBe(hash);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    protected override void DisposeStore()
    {
        store?.Dispose();
        cache.Delete(recursive: true);
    }
}
