using Microsoft.Extensions.Time.Testing;

namespace HyperSearch.Artifacts.Tests;

public sealed class S3ArtifactStoreTests : ArtifactStoreSuite, IAsyncLifetime
{
    private readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("hypersearch-cache-");
    private readonly FakeTimeProvider time = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private FakeS3 server = null!;
    private S3ArtifactStore store = null!;

    protected override IArtifactStore Store => store;

    public async ValueTask InitializeAsync()
    {
        server = await FakeS3.StartAsync(time);
        store = NewStore();
    }

    [Fact]
    public async Task PutFolder_Done_LeavesManifestAndContentsOnly()
    {
        await store.PutFolderAsync("k", Folder(("a", "1"), ("sub/b", "2")), Cancellation);

        server.Names.Select(n => n.Split('/')[^1]).ShouldBe(["a", "b", "manifest."], ignoreOrder: true);
        server.Names.ShouldAllBe(n => n.StartsWith("k/", StringComparison.Ordinal));
        await store.DeleteAsync("k", Cancellation);
        server.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task PutFolder_LargeFile_GoesInPartsAndComesBackTheSame()
    {
        string folder = Folder(("small", "1"));
        byte[] bytes = [.. Enumerable.Range(0, 20_000_000).Select(i => (byte)(i * 31 / 7))];
        await File.WriteAllBytesAsync(Path.Combine(folder, "large"), bytes, Cancellation);

        string hash = await store.PutFolderAsync("k", folder, Cancellation);

        server.Requests.Count(r => r.Contains("partNumber=", StringComparison.Ordinal)).ShouldBe(2);
        server.UnfinishedUploads.ShouldBe(0);
        (await store.HashAsync("k", Cancellation)).ShouldBe(hash);
        string copy = await store.LocalFolderAsync("k", Cancellation);
        (await File.ReadAllBytesAsync(Path.Combine(copy, "large"), Cancellation)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task PutFolder_CancelledAtALaterPart_LeavesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        server.Intercept = async context =>
        {
            if (context.Request.Query["partNumber"] == "2")
            {
                await cancelled.CancelAsync();
                await FakeS3.UntilClientLeavesAsync(context);
                return true;
            }

            return false;
        };
        string folder = Folder(("a", "1"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "large"), new byte[20_000_000], Cancellation);

        await Should.ThrowAsync<OperationCanceledException>(() => store.PutFolderAsync("k", folder, cancelled.Token));

        server.Names.ShouldBeEmpty();
        server.UnfinishedUploads.ShouldBe(0);
        (await store.ExistsAsync("k", Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task PutFolder_NameTooLongForABucket_IsRefusedBeforeAnythingIsSent()
    {
        string key = string.Join('/', Enumerable.Repeat(new string('k', 99), 9));

        var exception = await Should.ThrowAsync<ArtifactStoreException>(
            () => store.PutFolderAsync(key, Folder((new string('f', 190), "1")), Cancellation));

        exception.Message.ShouldContain("too long");
        server.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_MoreThanAPage_DeletesAll()
    {
        await store.PutFolderAsync("studies/1/a", Folder(("f", "1")), Cancellation);
        for (int i = 0; i < 2500; i++)
        {
            server.Add($"studies/1/trials/{i}/version./file", [1]);
        }

        server.Requests.Clear();

        (await store.DeleteAsync("studies/1", Cancellation)).ShouldBeTrue();

        server.Names.ShouldBeEmpty();
        server.Requests.Count(r => r.StartsWith("POST", StringComparison.Ordinal)).ShouldBe(1 + 3);
    }

    [Fact]
    public async Task Children_MoreThanAPage_NamesAll()
    {
        for (int i = 0; i < 2500; i++)
        {
            server.Add($"studies/{i}/trials/0/manifest.", [1]);
        }

        (await store.ChildrenAsync("studies", Cancellation)).Count.ShouldBe(2500);
    }

    [Fact]
    public async Task LocalFolder_Again_IsTheSameCopyUntilTheContentsChange()
    {
        await store.PutFolderAsync("k", Folder(("a", "1")), Cancellation);
        string first = await store.LocalFolderAsync("k", Cancellation);
        string again = await store.LocalFolderAsync("k", Cancellation);
        await store.PutFolderAsync("k", Folder(("a", "2")), Cancellation);
        string changed = await store.LocalFolderAsync("k", Cancellation);

        again.ShouldBe(first);
        changed.ShouldNotBe(first);
        (await File.ReadAllTextAsync(Path.Combine(first, "a"), Cancellation)).ShouldBe("1");
        (await File.ReadAllTextAsync(Path.Combine(changed, "a"), Cancellation)).ShouldBe("2");
    }

    [Fact]
    public async Task LocalFolder_BeyondTheSizeAllowed_DropsWhatIsLongUnused()
    {
        using S3ArtifactStore small = NewStore(o => o.CacheMegabytes = 0);
        await small.PutFolderAsync("1", Folder(("a", "1")), Cancellation);
        await small.PutFolderAsync("2", Folder(("a", "2")), Cancellation);
        await small.PutFolderAsync("3", Folder(("a", "3")), Cancellation);
        string first = await small.LocalFolderAsync("1", Cancellation);
        time.Advance(TimeSpan.FromMinutes(11));
        string second = await small.LocalFolderAsync("2", Cancellation);
        string third = await small.LocalFolderAsync("3", Cancellation);

        Directory.Exists(first).ShouldBeFalse();
        Directory.Exists(second).ShouldBeTrue();
        Directory.Exists(third).ShouldBeTrue();
        small.Dispose();
        Directory.Exists(third).ShouldBeFalse();
    }

    [Fact]
    public async Task LocalFolder_DamagedContents_IsRefusedAndLeavesNoCopy()
    {
        await store.PutFolderAsync("k", Folder(("a", "1")), Cancellation);
        server.Add(server.Names.Single(n => n.EndsWith("/a", StringComparison.Ordinal)), "2"u8.ToArray());

        var exception = await Should.ThrowAsync<ArtifactStoreException>(() => store.LocalFolderAsync("k", Cancellation));

        exception.Message.ShouldContain("damaged");
        cache.GetFiles("a", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task RemoveTemporary_DeadADayAgo_SweepsItAndLeavesTheRest()
    {
        server.Add(".temporary/dead", "studies/1"u8.ToArray());
        server.Add("studies/1/dead./a", [1]);
        server.AddUpload("studies/1/dead./large");
        await store.PutFolderAsync("studies/2", Folder(("a", "1")), Cancellation);
        await store.PutFolderAsync("studies/2", Folder(("a", "2")), Cancellation);
        time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        server.Add(".temporary/living", "studies/3"u8.ToArray());
        server.Add("studies/3/living./a", [1]);
        server.AddUpload("studies/3/living./large");

        (await store.RemoveTemporaryAsync(Cancellation)).ShouldBe(2);

        server.Names.Where(n => !n.StartsWith("studies/2/", StringComparison.Ordinal)).ShouldBe([".temporary/living", "studies/3/living./a"]);
        server.Names.Count(n => n.StartsWith("studies/2/", StringComparison.Ordinal)).ShouldBe(2);
        server.UnfinishedUploads.ShouldBe(1);
        (await File.ReadAllTextAsync(Path.Combine(await store.LocalFolderAsync("studies/2", Cancellation), "a"), Cancellation)).ShouldBe("2");
    }

    [Fact]
    public async Task RemoveTemporary_DiedAfterItsManifest_KeepsTheFolder()
    {
        string hash = await store.PutFolderAsync("k", Folder(("a", "1")), Cancellation);
        string version = server.Names.Single(n => n.EndsWith("/a", StringComparison.Ordinal)).Split('/')[1].TrimEnd('.');
        server.Add($".temporary/{version}", "k"u8.ToArray());
        time.Advance(TimeSpan.FromDays(2));

        await store.RemoveTemporaryAsync(Cancellation);

        (await store.HashAsync("k", Cancellation)).ShouldBe(hash);
        server.Names.ShouldAllBe(n => n.StartsWith("k/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prefix_TwoOfThem_ShareABucketUnseen()
    {
        using S3ArtifactStore one = NewStore(o => o.Prefix = "team/one");
        using S3ArtifactStore two = NewStore(o => o.Prefix = "team/two");
        await one.PutFolderAsync("studies/1/a", Folder(("f", "1")), Cancellation);

        server.Names.ShouldAllBe(n => n.StartsWith("team/one/studies/1/a/", StringComparison.Ordinal));
        (await one.ChildrenAsync("studies", Cancellation)).ShouldBe(["1"]);
        (await two.ExistsAsync("studies/1/a", Cancellation)).ShouldBeFalse();
        (await two.DeleteAsync("studies", Cancellation)).ShouldBeFalse();
        (await one.DeleteAsync("studies", Cancellation)).ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        base.Dispose();
        await server.DisposeAsync();
    }

    protected override void DisposeStore()
    {
        store.Dispose();
        cache.Delete(recursive: true);
    }

    private S3ArtifactStore NewStore(Action<S3StoreOptions>? change = null)
    {
        S3StoreOptions options = new()
        {
            Bucket = FakeS3.Bucket,
            ServiceUrl = server.Url,
            PathStyle = true,
            AccessKey = FakeS3.AccessKey,
            SecretKey = FakeS3.SecretKey,
            CacheFolder = cache.FullName,
        };
        change?.Invoke(options);
        return new S3ArtifactStore(options, time);
    }
}
