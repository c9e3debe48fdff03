using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker.Tests;

public sealed class WorkFolderTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Open_BesideOthers_RemovesThoseOfTheDeadAlone()
    {
        using WorkFolder alive = Opened();
        string dead = Directory.CreateDirectory(_root.In(Guid.NewGuid().ToString("N"))).FullName;
        File.WriteAllText(Path.Combine(dead, "left.bin"), "left");
        File.WriteAllText(dead + ".lock", "");
        string foreign = Directory.CreateDirectory(_root.In("not-ours")).FullName;

        using WorkFolder next = Opened();

        Directory.Exists(dead).ShouldBeFalse();
        File.Exists(dead + ".lock").ShouldBeFalse();
        Directory.Exists(alive.Folder).ShouldBeTrue();
        Directory.Exists(next.Folder).ShouldBeTrue();
        Directory.Exists(foreign).ShouldBeTrue();
    }

    [Fact]
    public void Dispose_AnOpenFolder_LeavesNothing()
    {
        WorkFolder folder = Opened();
        Directory.CreateDirectory(folder.ForAttempt(1));

        folder.Dispose();

        Directory.EnumerateFileSystemEntries(_root.Path).ShouldBeEmpty();
    }

    private WorkFolder Opened()
    {
        WorkFolder folder = new(Options.Create(new WorkerOptions { WorkFolder = _root.Path }), Guid.NewGuid(), NullLogger<WorkFolder>.Instance);
        folder.Open();
        return folder;
    }
}
