using HyperSearch.Core.Trials;
using HyperSearch.Training.TensorCaches;
using TorchSharp;

namespace HyperSearch.Training.Tests.TensorCaches;

public sealed class TensorCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    // Keys are hashes.
    private static readonly string A = new('a', 64), B = new('b', 64), C = new('c', 64), D = new('d', 64);

    private readonly FakeClock _clock = new();
    private int _builds;

    [Fact]
    public void GetOrBuild_Twice_BuildsOnceAndMapsTheSame()
    {
        using CachedTensors first = Get(A, 3);
        using CachedTensors second = Get(A, 3);

        _builds.ShouldBe(1);
        first["pixels"].shape.ShouldBe([3, 2, 2]);
        second["pixels"].bytes.ToArray().ShouldBe(Enumerable.Range(0, 12).Select(i => (byte)i));
        second["ids"].data<long>().ToArray().ShouldBe([5, -7, 1L << 40]);
        second.Notes.GetProperty("what").GetString().ShouldBe(A);
        second.Find("none").ShouldBeNull();
        Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order().ShouldBe([A, "build.lock"]);
    }

    [Fact]
    public async Task GetOrBuild_ManyAtOnce_BuildOnce()
    {
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using CachedTensors entry = Get(A, 700);
                return entry["pixels"].bytes.ToArray();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        byte[][] all = await Task.WhenAll(readers);

        _builds.ShouldBe(1);
        all.ShouldAllBe(bytes => bytes.SequenceEqual(all[0]));
    }

    public static TheoryData<string, Action<string>> Damages => new()
    {
        { "a byte changed", f => Change(Path.Combine(f, "pixels"), b => b[5] ^= 1) },
        { "cut off", f => File.WriteAllBytes(Path.Combine(f, "pixels"), File.ReadAllBytes(Path.Combine(f, "pixels"))[..^1]) },
        { "longer", f => File.AppendAllText(Path.Combine(f, "ids"), "x") },
        { "missing", f => File.Delete(Path.Combine(f, "ids")) },
        { "no meta", f => File.Delete(Path.Combine(f, "meta.json")) },
        { "meta cut off", f => File.WriteAllText(Path.Combine(f, "meta.json"), File.ReadAllText(Path.Combine(f, "meta.json"))[..40]) },
        { "meta without tensors", f => File.WriteAllText(Path.Combine(f, "meta.json"), "{\"Format\":1}") },
        { "meta with one tensor twice", f => File.WriteAllText(Path.Combine(f, "meta.json"), File.ReadAllText(Path.Combine(f, "meta.json")).Replace("\"ids\"", "\"pixels\"", StringComparison.Ordinal)) },
        { "meta of a tensor without a name", f => File.WriteAllText(Path.Combine(f, "meta.json"), File.ReadAllText(Path.Combine(f, "meta.json")).Replace("\"ids\"", "null", StringComparison.Ordinal)) },
        { "meta of another version", f => File.WriteAllText(Path.Combine(f, "meta.json"), File.ReadAllText(Path.Combine(f, "meta.json")).Replace("\"Format\":1", "\"Format\":2", StringComparison.Ordinal)) },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void GetOrBuild_Damaged_IsBuiltAnew(string what, Action<string> damage)
    {
        Get(A, 3).Dispose();
        damage(_folder[A]);

        using CachedTensors entry = Get(A, 3);

        _builds.ShouldBe(2, what);
        entry["pixels"].bytes.ToArray().ShouldBe(Enumerable.Range(0, 12).Select(i => (byte)i));
    }

    [Fact]
    public void GetOrBuild_AboveTheCapacity_RemovesWhatWasNotUsedForLongest()
    {
        foreach (string key in new[] { A, B, C })
        {
            Get(key, 300).Dispose();
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        using CachedTensors used = Get(A, 300);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Get(D, 300).Dispose();

        Entries().ShouldBe([A, D]);
        used["pixels"].bytes[7].ShouldBe((byte)7);
        Get(B, 300).Dispose();
        Entries().ShouldBe([B, D]);

        // The files are gone, the mapping is not.
        used["pixels"].bytes[7].ShouldBe((byte)7);
    }

    [Fact]
    public void GetOrBuild_FoldersThatAreNotItsOwn_AreLeftAlone()
    {
        Directory.CreateDirectory(_folder["photos"]);
        File.WriteAllText(_folder["photos/cat.jpg"], "x");

        Get(A, 300).Dispose();
        Get(B, 300).Dispose();

        File.Exists(_folder["photos/cat.jpg"]).ShouldBeTrue();
    }

    [Fact]
    public void GetOrBuild_DiskIsFull_MakesRoomAndBuildsOnceMore()
    {
        const int noSpaceLeft = 28;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the error's number is Linux's");
        Get(A, 30).Dispose();
        bool full = true;

        using CachedTensors entry = Cache().GetOrBuild(
            B,
            cache =>
            {
                if (full)
                {
                    full = false;
                    throw new IOException("No space left on device", noSpaceLeft);
                }

                Build(B, 3)(cache);
            },
            static () => { }, CancellationToken.None);

        Entries().ShouldBe([B]);
        entry["pixels"].shape.ShouldBe([3, 2, 2]);
    }

    [Fact]
    public void GetOrBuild_LargerThanTheCapacity_IsAnErrorThatNamesTheSetting()
    {
        TrainingException exception = Should.Throw<TrainingException>(() => Get(A, 3000));

        exception.Message.ShouldContain("Worker:CacheMegabytes");
        Entries().ShouldBeEmpty();
    }

    [Fact]
    public void GetOrBuild_BuilderThatDiedOrFailed_LeavesNothingBehind()
    {
        Directory.CreateDirectory(_folder[D + ".partial"]);
        File.WriteAllText(_folder[D + ".partial/pixels"], "half");
        Directory.CreateDirectory(_folder[A + ".partial"]);
        File.WriteAllText(_folder[A + ".partial/pixels"], "half");

        Should.Throw<TrainingException>(() => Cache().GetOrBuild(B, _ => throw new TrainingException(FailureKind.DatasetError, "x"), static () => { }, CancellationToken.None));
        Get(A, 3).Dispose();

        Entries().ShouldBe([A]);
    }

    [Fact]
    public void GetOrBuild_WhileAnotherBuilds_GivesSignsOfLifeUntilCancelled()
    {
        Directory.CreateDirectory(_folder.Path);
        using FileStream other = new(_folder["build.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using CancellationTokenSource stop = new();
        int signs = 0;

        Should.Throw<OperationCanceledException>(() => Cache().GetOrBuild(A, Build(A, 3), SignOfLife, stop.Token));

        signs.ShouldBe(3);
        _builds.ShouldBe(0);

        void SignOfLife()
        {
            if (++signs == 3)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void GetOrBuild_FolderThatCannotBe_IsAnErrorThatNamesIt()
    {
        File.WriteAllText(_folder["file"], "");

        Should.Throw<TrainingException>(() => new TensorCache(_folder["file/cache"], 1 << 20, _clock).GetOrBuild(A, Build(A, 3), static () => { }, CancellationToken.None))
            .Message.ShouldContain(_folder["file/cache"]);
    }

    [Fact]
    public void Map_LargeFile_SharesItsPagesWithTheSystem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it reads /proc/self/smaps_rollup");
        const int rows = 20_000_000;
        using CachedTensors entry = new TensorCache(_folder.Path, 1L << 30, _clock).GetOrBuild(
            A,
            cache =>
            {
                using TensorFileWriter writer = cache.Add("pixels", torch.ScalarType.Byte, 4);
                writer.Write(new byte[4 * rows]);
            },
            static () => { }, CancellationToken.None);

        long sum = 0;
        foreach (byte pixel in entry["pixels"].bytes)
        {
            sum += pixel;
        }

        sum.ShouldBe(0);
        Kilobytes("Rss:").ShouldBeGreaterThanOrEqualTo(4L * rows / 1024);
        Kilobytes("Anonymous:").ShouldBe(0);

        long Kilobytes(string what) => long.Parse(
            File.ReadLines("/proc/self/smaps").SkipWhile(l => !l.EndsWith(_folder[A + "/pixels"], StringComparison.Ordinal))
                .First(l => l.StartsWith(what, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _folder.Dispose();

    private static void Change(string path, Action<byte[]> change)
    {
        byte[] bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }

    private string[] Entries() => [.. Directory.GetDirectories(_folder.Path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private TensorCache Cache() => new(_folder.Path, 3200, _clock);

    private CachedTensors Get(string key, int rows) => Cache().GetOrBuild(key, Build(key, rows), static () => { }, CancellationToken.None);

    private Action<TensorCacheWriter> Build(string key, int rows) => cache =>
    {
        Interlocked.Increment(ref _builds);
        using TensorFileWriter pixels = cache.Add("pixels", torch.ScalarType.Byte, 2, 2), ids = cache.Add("ids", torch.ScalarType.Int64);
        for (int i = 0; i < rows; i++)
        {
            pixels.Write([(byte)(4 * i), (byte)(4 * i + 1), (byte)(4 * i + 2), (byte)(4 * i + 3)]);
        }

        ids.Write([5, -7, 1L << 40]);
        cache.Notes["what"] = key;
    };
}
