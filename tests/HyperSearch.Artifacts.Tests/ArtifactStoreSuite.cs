using System.Text;

namespace HyperSearch.Artifacts.Tests;

/// <summary>What every artifact store must do. A new store is tested by deriving and giving a fresh one.</summary>
public abstract class ArtifactStoreSuite : IDisposable
{
    private readonly DirectoryInfo local = Directory.CreateTempSubdirectory("hypersearch-local-");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IArtifactStore Store { get; }

    /// <summary>Why what is behind the store cannot list folders; null where it can.</summary>
    protected virtual string? CannotListFolders => null;

    /// <summary>Why an object of this store's server may be torn by two writers at once; null where it may not.</summary>
    protected virtual string? CannotOverwriteAtOnce => null;

    [Fact]
    public async Task PutFolder_NewKey_StoresNamesAndContents()
    {
        await Store.PutFolderAsync("studies/1/best", Folder(("b.bin", "two"), ("sub/a.json", "one")), Cancellation);

        (await Store.ListAsync("studies/1/best", Cancellation))
            .ShouldBe([new ArtifactFile("b.bin", 3), new ArtifactFile("sub/a.json", 3)]);
        (await ReadAsync("studies/1/best", "sub/a.json")).ShouldBe("one");
    }

    [Fact]
    public async Task PutFolder_SameContents_ChangesNothing()
    {
        string first = await Store.PutFolderAsync("k", Folder(("a", "1"), ("b", "2")), Cancellation);
        string second = await Store.PutFolderAsync("k", Folder(("b", "2"), ("a", "1")), Cancellation);

        second.ShouldBe(first);
        (await Store.HashAsync("k", Cancellation)).ShouldBe(first);
    }

    [Fact]
    public async Task PutFolder_OtherContents_ReplacesWhole()
    {
        await Store.PutFolderAsync("k", Folder(("old", "1"), ("both", "1")), Cancellation);
        await Store.PutFolderAsync("k", Folder(("new", "2"), ("both", "2")), Cancellation);

        (await Store.ListAsync("k", Cancellation)).Select(f => f.Name).ShouldBe(["both", "new"]);
        (await ReadAsync("k", "both")).ShouldBe("2");
    }

    [Fact]
    public async Task PutFolder_ManyAtOnce_LeavesOneWhole()
    {
        Assert.SkipWhen(CannotOverwriteAtOnce is not null, CannotOverwriteAtOnce ?? "");
        string[] contents = [.. Enumerable.Range(0, 16).Select(i => $"content {i}")];

        await Task.WhenAll(contents.Select(c => Store.PutFolderAsync("k", Folder(("a", c), ("b", c)), Cancellation)));

        string a = await ReadAsync("k", "a");
        contents.ShouldContain(a);
        (await ReadAsync("k", "b")).ShouldBe(a);
    }

    [Fact]
    public async Task PutFolder_EmptyOrAbsentFolder_IsRefusedNamingTheKey()
    {
        var empty = await Should.ThrowAsync<ArtifactStoreException>(() => Store.PutFolderAsync("some/key", Folder(), Cancellation));
        var absent = await Should.ThrowAsync<ArtifactStoreException>(
            () => Store.PutFolderAsync("some/key", Path.Combine(local.FullName, "absent"), Cancellation));

        empty.Message.ShouldContain("some/key");
        absent.Message.ShouldContain("some/key");
        (await Store.ExistsAsync("some/key", Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task PutFolder_Cancelled_LeavesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Store.PutFolderAsync("k", Folder(("a", "1")), cancelled.Token));

        (await Store.ExistsAsync("k", Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Hash_NameOrContentOrBorderMoved_Differs()
    {
        string[] hashes =
        [
            await Store.PutFolderAsync("1", Folder(("a", "bc")), Cancellation),
            await Store.PutFolderAsync("2", Folder(("ab", "c")), Cancellation),
            await Store.PutFolderAsync("3", Folder(("a", "bd")), Cancellation),
            await Store.PutFolderAsync("4", Folder(("a", "b"), ("c", "")), Cancellation),
        ];

        hashes.ShouldBeUnique();
        hashes.ShouldAllBe(h => h.Length == 64);
    }

    [Fact]
    public async Task Hash_KnownFolder_IsFixed()
    {
        // SHA-256 of 01 00.. "a" 02 00.. "bc", lengths as 64-bit little endian: stored hashes must stay comparable.
        byte[] expected = System.Security.Cryptography.SHA256.HashData([1, 0, 0, 0, 0, 0, 0, 0, (byte)'a', 2, 0, 0, 0, 0, 0, 0, 0, (byte)'b', (byte)'c']);

        (await Store.PutFolderAsync("k", Folder(("a", "bc")), Cancellation)).ShouldBe(Convert.ToHexStringLower(expected));
    }

    [Fact]
    public async Task LocalFolder_StoredKey_HasTheFiles()
    {
        await Store.PutFolderAsync("k", Folder(("sub/a", "1")), Cancellation);

        string folder = await Store.LocalFolderAsync("k", Cancellation);

        (await File.ReadAllTextAsync(Path.Combine(folder, "sub", "a"), Cancellation)).ShouldBe("1");
    }

    [Fact]
    public async Task Read_InnerFolder_HasItsPartOfTheFiles()
    {
        await Store.PutFolderAsync("studies/1/3", Folder(("state", "1"), ("best/model", "2"), ("best/card/text", "3")), Cancellation);

        (await Store.ExistsAsync("studies/1/3/best", Cancellation)).ShouldBeTrue();
        (await Store.ListAsync("studies/1/3/best", Cancellation)).ShouldBe([new ArtifactFile("card/text", 1), new ArtifactFile("model", 1)]);
        (await ReadAsync("studies/1/3/best", "card/text")).ShouldBe("3");
        (await File.ReadAllTextAsync(Path.Combine(await Store.LocalFolderAsync("studies/1/3/best", Cancellation), "model"), Cancellation)).ShouldBe("2");
        (await Store.ExistsAsync("studies/1/3/state", Cancellation)).ShouldBeFalse();
        (await Store.ExistsAsync("studies/1/3/bes", Cancellation)).ShouldBeFalse();
        (await Should.ThrowAsync<ArtifactStoreException>(() => Store.OpenReadAsync("studies/1/3", "best/no", Cancellation))).IsMissing.ShouldBeTrue();
    }

    [Fact]
    public async Task Read_FolderOfFolders_HasAllOfThem()
    {
        await Store.PutFolderAsync("studies/1/a", Folder(("f", "1")), Cancellation);
        await Store.PutFolderAsync("studies/1/b", Folder(("f", "22")), Cancellation);

        (await Store.ExistsAsync("studies/1", Cancellation)).ShouldBeTrue();
        (await Store.ListAsync("studies/1", Cancellation)).ShouldBe([new ArtifactFile("a/f", 1), new ArtifactFile("b/f", 2)]);
        (await ReadAsync("studies/1", "b/f")).ShouldBe("22");
    }

    [Fact]
    public async Task Children_SeveralLevels_AreThoseOneBelow()
    {
        Assert.SkipUnless(CannotListFolders is null, CannotListFolders ?? "");
        await Store.PutFolderAsync("studies/2/trials/0", Folder(("f", "1")), Cancellation);
        await Store.PutFolderAsync("studies/10/trials/0", Folder(("f", "1")), Cancellation);

        (await Store.ChildrenAsync("studies", Cancellation)).ShouldBe(["10", "2"]);
        (await Store.ChildrenAsync("studies/2", Cancellation)).ShouldBe(["trials"]);
        (await Store.ChildrenAsync("studies/3", Cancellation)).ShouldBeEmpty();
        (await Store.LastWriteAsync("studies/2", Cancellation))!.Value.ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        (await Store.LastWriteAsync("studies/3", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Delete_Prefix_DeletesEverythingBelowOnly()
    {
        await Store.PutFolderAsync("studies/1/a", Folder(("f", "1")), Cancellation);
        await Store.PutFolderAsync("studies/1/b", Folder(("f", "1")), Cancellation);
        await Store.PutFolderAsync("studies/10/a", Folder(("f", "1")), Cancellation);

        (await Store.DeleteAsync("studies/1", Cancellation)).ShouldBeTrue();

        (await Store.ExistsAsync("studies/1/a", Cancellation)).ShouldBeFalse();
        (await Store.ExistsAsync("studies/1/b", Cancellation)).ShouldBeFalse();
        (await Store.ExistsAsync("studies/10/a", Cancellation)).ShouldBeTrue();
        (await Store.DeleteAsync("studies/1", Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Read_AbsentKey_SaysMissingAndNamesIt()
    {
        ArtifactStoreException[] exceptions =
        [
            await Should.ThrowAsync<ArtifactStoreException>(() => Store.ListAsync("no/such", Cancellation)),
            await Should.ThrowAsync<ArtifactStoreException>(() => Store.HashAsync("no/such", Cancellation)),
            await Should.ThrowAsync<ArtifactStoreException>(() => Store.OpenReadAsync("no/such", "file", Cancellation)),
            await Should.ThrowAsync<ArtifactStoreException>(() => Store.LocalFolderAsync("no/such", Cancellation)),
        ];

        exceptions.ShouldAllBe(e => e.IsMissing && !e.IsOutOfSpace && e.Message.Contains("no/such"));
    }

    [Theory]
    [MemberData(nameof(ArtifactKeyTests.Hostile), MemberType = typeof(ArtifactKeyTests))]
    public async Task AnyOperation_HostileKey_IsRefused(string key)
    {
        await Store.PutFolderAsync("k", Folder(("a", "1")), Cancellation);

        await Should.ThrowAsync<ArgumentException>(() => Store.PutFolderAsync(key, Folder(("a", "1")), Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.ExistsAsync(key, Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.ListAsync(key, Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.HashAsync(key, Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.LocalFolderAsync(key, Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.ChildrenAsync(key, Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.LastWriteAsync(key, Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.DeleteAsync(key, Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.OpenReadAsync(key, "a", Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => Store.OpenReadAsync("k", key, Cancellation));
    }

    public void Dispose()
    {
        local.Delete(recursive: true);
        DisposeStore();
        GC.SuppressFinalize(this);
    }

    protected abstract void DisposeStore();

    protected string Folder(params (string Name, string Content)[] files)
    {
        DirectoryInfo folder = local.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        foreach ((string name, string content) in files)
        {
            string path = Path.Combine(folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        return folder.FullName;
    }

    private async Task<string> ReadAsync(string key, string name)
    {
        await using Stream stream = await Store.OpenReadAsync(key, name, Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
