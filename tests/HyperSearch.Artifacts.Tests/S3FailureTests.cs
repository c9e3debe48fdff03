using System.Net;
using System.Net.Sockets;

namespace HyperSearch.Artifacts.Tests;

public sealed class S3FailureTests : IAsyncLifetime
{
    private readonly DirectoryInfo local = Directory.CreateTempSubdirectory("hypersearch-local-");
    private FakeS3 server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Source => local.CreateSubdirectory("source").FullName;

    public async ValueTask InitializeAsync()
    {
        server = await FakeS3.StartAsync(TimeProvider.System);
        await File.WriteAllTextAsync(Path.Combine(Source, "a"), "1", Cancellation);
    }

    [Fact]
    public async Task AnyOperation_NobodyListens_IsAFailureOfTheStoreNotAMissingFolder()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        string url = $"http://{closed.LocalEndpoint}";
        closed.Stop();
        using S3ArtifactStore store = Open(o => (o.ServiceUrl, o.Retries) = (url, 1));

        await ShouldFailAsync(store, "bucket 'artifacts'");
    }

    [Fact]
    public async Task AnyOperation_NoSuchBucket_SaysSo()
    {
        using S3ArtifactStore store = Open(o => o.Bucket = "other");

        await ShouldFailAsync(store, "bucket 'other' does not exist");
    }

    [Fact]
    public async Task AnyOperation_WrongCredentials_SaysSoWithoutThem()
    {
        using S3ArtifactStore store = Open(o => o.AccessKey = "AKIAOTHER");

        await ShouldFailAsync(store, "refuses access (InvalidAccessKeyId)");
    }

    [Fact]
    public async Task PutFolder_BusyTwice_IsRepeated()
    {
        int failures = 0;
        server.Intercept = async context =>
        {
            bool fails = context.Request.Method == "PUT" && Interlocked.Increment(ref failures) <= 2;
            await (fails ? FakeS3.FailAsync(context, HttpStatusCode.ServiceUnavailable, "SlowDown") : Task.CompletedTask);
            return fails;
        };
        using S3ArtifactStore store = Open();

        string hash = await store.PutFolderAsync("k", Source, Cancellation);

        failures.ShouldBeGreaterThan(2);
        (await store.HashAsync("k", Cancellation)).ShouldBe(hash);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError", false)]
    [InlineData(HttpStatusCode.InsufficientStorage, "XMinioStorageFull", true)]
    [InlineData(HttpStatusCode.Forbidden, "QuotaExceeded", true)]
    public async Task PutFolder_ContentsAreRefused_FailsAndLeavesNothing(HttpStatusCode status, string code, bool outOfSpace)
    {
        server.Intercept = async context =>
        {
            bool fails = context.Request.Method == "PUT" && context.Request.Path.Value!.EndsWith("/a", StringComparison.Ordinal);
            await (fails ? FakeS3.FailAsync(context, status, code) : Task.CompletedTask);
            return fails;
        };
        using S3ArtifactStore store = Open(o => o.Retries = 1);

        var exception = await Should.ThrowAsync<ArtifactStoreException>(() => store.PutFolderAsync("some/key", Source, Cancellation));

        exception.IsOutOfSpace.ShouldBe(outOfSpace);
        exception.IsMissing.ShouldBeFalse();
        exception.Message.ShouldContain("some/key");
        server.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task PutFolder_AnswerToTheManifestIsLost_IsWholeAllTheSame()
    {
        using S3ArtifactStore store = Open(o => o.Retries = 0);
        server.Intercept = context =>
        {
            if (context.Request.Path.Value!.EndsWith("/manifest.", StringComparison.Ordinal) && context.Request.Method == "PUT")
            {
                context.Response.OnStarting(() =>
                {
                    context.Abort();
                    return Task.CompletedTask;
                });
            }

            return Task.FromResult(false);
        };

        await Should.ThrowAsync<ArtifactStoreException>(() => store.PutFolderAsync("k", Source, Cancellation));

        server.Intercept = _ => Task.FromResult(false);
        (await store.HashAsync("k", Cancellation)).ShouldBe(await store.PutFolderAsync("k", Source, Cancellation));
    }

    [Fact]
    public async Task AnyOperation_NoAnswerInTime_Fails()
    {
        server.Intercept = async context =>
        {
            await FakeS3.UntilClientLeavesAsync(context);
            return true;
        };
        using S3ArtifactStore store = Open(o => (o.TimeoutSeconds, o.Retries) = (0.3, 0));

        await ShouldFailAsync(store, "did not answer in time");
    }

    [Fact]
    public async Task LocalFolder_DownloadStalls_Fails()
    {
        using S3ArtifactStore store = Open(o => (o.TimeoutSeconds, o.Retries) = (0.5, 0));
        await store.PutFolderAsync("k", Source, Cancellation);
        server.Intercept = async context =>
        {
            bool stalls = context.Request.Path.Value!.EndsWith("/a", StringComparison.Ordinal);
            if (stalls)
            {
                context.Response.ContentLength = 1;
                await context.Response.Body.FlushAsync();
                await FakeS3.UntilClientLeavesAsync(context);
            }

            return stalls;
        };

        var exception = await Should.ThrowAsync<ArtifactStoreException>(() => store.LocalFolderAsync("k", Cancellation));

        exception.IsMissing.ShouldBeFalse();
        exception.Message.ShouldContain("in time");
    }

    [Fact]
    public async Task LocalFolder_DownloadIsCutOff_Fails()
    {
        using S3ArtifactStore store = Open(o => o.Retries = 0);
        await store.PutFolderAsync("k", Source, Cancellation);
        server.Intercept = async context =>
        {
            bool cuts = context.Request.Path.Value!.EndsWith("/a", StringComparison.Ordinal);
            if (cuts)
            {
                context.Response.ContentLength = 1;
                await context.Response.Body.FlushAsync();
                context.Abort();
            }

            return cuts;
        };

        (await Should.ThrowAsync<ArtifactStoreException>(() => store.LocalFolderAsync("k", Cancellation))).IsMissing.ShouldBeFalse();
    }

    [Fact]
    public async Task AnyOperation_ManifestCannotBeRead_Fails()
    {
        server.Add("some/key/manifest.", "{"u8.ToArray());
        using S3ArtifactStore store = Open();

        await ShouldFailAsync(store, "cannot be read", deletes: false);
    }

    public async ValueTask DisposeAsync()
    {
        local.Delete(recursive: true);
        await server.DisposeAsync();
    }

    private async Task ShouldFailAsync(S3ArtifactStore store, string reason, bool deletes = true)
    {
        List<Func<Task>> operations =
        [
            () => store.PutFolderAsync("some/key", Source, Cancellation),
            () => store.ExistsAsync("some/key", Cancellation),
            () => store.ListAsync("some/key", Cancellation),
            () => store.HashAsync("some/key", Cancellation),
            () => store.LocalFolderAsync("some/key", Cancellation),
            () => store.OpenReadAsync("some/key", "a", Cancellation),
        ];
        operations.AddRange(deletes ? [() => store.DeleteAsync("some/key", Cancellation), () => store.ChildrenAsync("some/key", Cancellation)] : []);
        foreach (Func<Task> operation in operations)
        {
            var exception = await Should.ThrowAsync<ArtifactStoreException>(operation);

            exception.IsMissing.ShouldBeFalse();
            exception.Message.ShouldContain("some/key");
            exception.Message.ShouldContain(reason);
            exception.ToString().ShouldNotContain(FakeS3.SecretKey);
        }
    }

    private S3ArtifactStore Open(Action<S3StoreOptions>? change = null)
    {
        S3StoreOptions options = new()
        {
            Bucket = FakeS3.Bucket,
            ServiceUrl = server.Url,
            PathStyle = true,
            AccessKey = FakeS3.AccessKey,
            SecretKey = FakeS3.SecretKey,
            CacheFolder = Path.Combine(local.FullName, "cache"),
        };
        change?.Invoke(options);
        return new S3ArtifactStore(options, TimeProvider.System);
    }
}
