using System.Globalization;
using System.Runtime.InteropServices;

namespace HyperSearch.Training.Tests;

public sealed class FreedMemoryTests
{
    private const int Blocks = 2000;
    private const int Large = 100_000;

    private static readonly byte[] Ones = [.. Enumerable.Repeat((byte)1, Large)];

    [Fact]
    public void Return_BlocksFreedBetweenOnesThatLive_ReachTheSystem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/proc/self/status"), "no glibc");
        nint[] large = new nint[Blocks], small = new nint[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            large[i] = Marshal.AllocHGlobal(Large);
            small[i] = Marshal.AllocHGlobal(64);
            Marshal.Copy(Ones, 0, large[i], Large);
        }

        // Before the blocks are freed: of those that happen to lie together glibc gives some back by itself.
        long held = Resident();
        Array.ForEach(large, Marshal.FreeHGlobal);
        FreedMemory.Return();

        Resident().ShouldBeLessThan(held - Blocks * (long)Large / 2);
        Array.ForEach(small, Marshal.FreeHGlobal);
    }

    private static long Resident()
    {
        string line = File.ReadLines("/proc/self/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..^"kB".Length], NumberStyles.Integer, CultureInfo.InvariantCulture) * 1024;
    }
}
