using System.Security.Cryptography;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.Tests.Datasets;

public sealed class SignOfLifeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Files_OfAFolderWithThousands_AreCountedAndTheWalkCanBeStopped()
    {
        WriteFiles(2100);
        int signs = 0;
        IReadOnlyList<DataFile> files = DataTree.Files(_folder.Path, [], new(() => signs++, CancellationToken.None));

        (files.Count, signs).ShouldBe((2100, 2));
        StopAtTheFirstSign(life => DataTree.Files(_folder.Path, [], life));
        StopAtTheFirstSign(life => ContentHash.Of(files, life, TimeProvider.System));
    }

    [Fact]
    public void Of_ALargeFile_IsItsSha256AndCanBeStopped()
    {
        using (FileStream large = File.Create(_folder["large"]))
        {
            large.SetLength(130_000_000);
            large.Write("beginning"u8);
        }

        int signs = 0;
        byte[] hash = FileHash.Of(_folder["large"], new(() => signs++, CancellationToken.None));

        using FileStream again = File.OpenRead(_folder["large"]);
        hash.ShouldBe(SHA256.HashData(again));
        signs.ShouldBe(2);
        StopAtTheFirstSign(life => FileHash.Of(_folder["large"], life));
    }

    [Fact]
    public void Of_ALinkedFile_IsReadAnewWhenItsTargetChanges()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        Directory.CreateDirectory(_folder["real"]);
        File.WriteAllText(_folder["real/data"], "first");
        Directory.CreateSymbolicLink(_folder["folder"], _folder["real"]);
        File.CreateSymbolicLink(_folder["real/link"], "../folder/data");
        DataFile[] files = [new(_folder["folder/link"], "link")];
        FakeClock clock = new();
        string Hash() => ContentHash.Of(files, new(static () => { }, CancellationToken.None), clock);
        string first = Hash();

        Hash().ShouldBe(first);
        File.WriteAllText(_folder["real/data"], "the second");

        Hash().ShouldNotBe(first);
        File.Delete(_folder["real/data"]);
        Should.Throw<TrainingException>(Hash).Message.ShouldContain("the file is missing");
    }

    public void Dispose() => _folder.Dispose();

    private static void StopAtTheFirstSign(Action<SignOfLife> work)
    {
        using CancellationTokenSource stop = new();
        Should.Throw<OperationCanceledException>(() => work(new(stop.Cancel, stop.Token)));
    }

    private void WriteFiles(int count)
    {
        for (int i = 0; i < count; i++)
        {
            File.WriteAllText(_folder[$"{i}"], "x");
        }
    }
}
