namespace HyperSearch.Artifacts.Tests;

public sealed class FolderArtifactStoreTests : ArtifactStoreSuite
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("hypersearch-artifacts-");
    private readonly FolderArtifactStore store;

    public FolderArtifactStoreTests() => store = NewStore();

    protected override IArtifactStore Store => store;

    [Fact]
    public async Task PutFolder_Done_LeavesNothingTemporary()
    {
        await store.PutFolderAsync("k", Folder(("a", "1")), Cancellation);
        await store.PutFolderAsync("k", Folder(("a", "2")), Cancellation);
        await store.DeleteAsync("k", Cancellation);
        await Should.ThrowAsync<ArtifactStoreException>(() => store.PutFolderAsync("k", Folder(), Cancellation));

        root.GetFiles("*", SearchOption.AllDirectories).Select(f => f.Extension).ShouldBe([".lock"]);
        store.Dispose();
        root.GetFileSystemInfos("*", SearchOption.AllDirectories).Select(f => f.Name).ShouldBe([".temporary"]);
    }

    [Fact]
    public async Task PutFolder_Link_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        string folder = Folder(("a", "1"));
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "/etc/passwd");
        string nested = Folder(("a", "1"));
        Directory.CreateSymbolicLink(Path.Combine(nested, "folder"), "/etc");

        (await Should.ThrowAsync<ArtifactStoreException>(() => store.PutFolderAsync("k", folder, Cancellation))).Message.ShouldContain("link");
        (await Should.ThrowAsync<ArtifactStoreException>(() => store.PutFolderAsync("k", nested, Cancellation))).Message.ShouldContain("link");
    }

    [Fact]
    public async Task PutFolder_StoreIsAFile_NamesTheKey()
    {
        string file = Path.Combine(root.FullName, "file");
        await File.WriteAllTextAsync(file, "", Cancellation);
        using var broken = new FolderArtifactStore(new ArtifactStoreOptions { Folder = file });

        var exception = await Should.ThrowAsync<ArtifactStoreException>(() => broken.PutFolderAsync("some/key", Folder(("a", "1")), Cancellation));

        exception.Message.ShouldContain("some/key");
        exception.IsOutOfSpace.ShouldBeFalse();
    }

    [Fact]
    public void From_FullDevice_IsOutOfSpace()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "the system has no /dev/full");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
        var exception = Should.Throw<IOException>(() => full.Write(new byte[10]));

        var failure = ArtifactStoreException.From("store", "some/key", exception);

        failure.IsOutOfSpace.ShouldBeTrue();
        failure.Message.ShouldBe("Cannot store artifact 'some/key': no space is left");
    }

    [Fact]
    public async Task RemoveTemporary_LivingAndDeadProcesses_SweepsTheDead()
    {
        await store.PutFolderAsync("k", Folder(("a", "1")), Cancellation);
        string dead = DeadArea();
        await File.WriteAllTextAsync(Path.Combine(dead, "half"), "...", Cancellation);
        using FolderArtifactStore other = NewStore();

        (await other.RemoveTemporaryAsync(Cancellation)).ShouldBe(1);

        Directory.Exists(dead).ShouldBeFalse();
        (await other.RemoveTemporaryAsync(Cancellation)).ShouldBe(0);
        await store.PutFolderAsync("k", Folder(("a", "2")), Cancellation);
    }

    [Fact]
    public async Task RemoveTemporary_DiedWhileReplacing_PutsTheOldFolderBack()
    {
        string hash = await store.PutFolderAsync("studies/1", Folder(("a", "1")), Cancellation);
        string aside = Directory.CreateDirectory(Path.Combine(DeadArea(), "aside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(aside, "key"), "studies/1", Cancellation);
        Directory.Move(Path.Combine(root.FullName, "studies", "1"), Path.Combine(aside, "replaced"));

        await store.RemoveTemporaryAsync(Cancellation);

        (await store.HashAsync("studies/1", Cancellation)).ShouldBe(hash);
    }

    [Fact]
    public void TryExchange_TwoFolders_SwapsThem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux swaps folders in one step");
        DirectoryInfo first = root.CreateSubdirectory("first");
        DirectoryInfo second = root.CreateSubdirectory("second");
        File.WriteAllText(Path.Combine(first.FullName, "file"), "");

        DurableFolder.TryExchange(first.FullName, second.FullName).ShouldBeTrue();

        File.Exists(Path.Combine(second.FullName, "file")).ShouldBeTrue();
        DurableFolder.TryExchange(first.FullName, Path.Combine(root.FullName, "absent")).ShouldBeFalse();
    }

    protected override void DisposeStore()
    {
        store.Dispose();
        root.Delete(recursive: true);
    }

    private FolderArtifactStore NewStore() => new(new ArtifactStoreOptions { Folder = root.FullName });

    private string DeadArea()
    {
        DirectoryInfo area = Directory.CreateDirectory(Path.Combine(root.FullName, ".temporary", Guid.NewGuid().ToString("N")));
        File.WriteAllText(area.FullName + ".lock", "");
        return area.FullName;
    }
}
