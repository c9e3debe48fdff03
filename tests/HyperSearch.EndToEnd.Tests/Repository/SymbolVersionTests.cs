using System.Text;

namespace HyperSearch.EndToEnd.Tests.Repository;

/// <summary>
/// The tensor library asks for a symbol version that Debian 12 lacks, for a symbol that it never calls. The copies that
/// we build take the version as optional; the copy in the package cache, which other projects share, stays as it came.
/// </summary>
public sealed class SymbolVersionTests
{
    private const string Library = "libLibTorchSharp.so";
    private const string SymbolVersion = "GLIBCXX_3.4.32";
    private const int VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const int Weak = 2; // VER_FLG_WEAK

    [Theory]
    [InlineData("src/HyperSearch.Worker/HyperSearch.Worker.csproj")]
    [InlineData("src/HyperSearch.Standalone/HyperSearch.Standalone.csproj")]
    public void Library_InTheOutput_LoadsWithoutTheVersion(string project)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "symbol versions are Linux's");
        string library = Path.Combine(Checkout.OutputFolder(Path.Combine(Checkout.Root, project)), Library);

        Flags(File.ReadAllBytes(library)).ShouldBe(Weak);
    }

    [Fact]
    public void Library_InThePackageCache_IsUntouched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "symbol versions are Linux's");
        ResolvedPackage package = ResolvedPackage.All().First(p => p.Name == "TorchSharp");
        string library = Path.Combine(package.Folder, "runtimes", "linux-x64", "native", Library);

        Flags(File.ReadAllBytes(library)).ShouldBe(0);
    }

    /// <summary>The flags of the needed version, or null if the library does not need it.</summary>
    private static int? Flags(byte[] elf)
    {
        (int sections, int entrySize, int count) = ((int)BitConverter.ToInt64(elf, 0x28), BitConverter.ToUInt16(elf, 0x3A), BitConverter.ToUInt16(elf, 0x3C));
        for (int header = sections; header < sections + (count * entrySize); header += entrySize)
        {
            if (BitConverter.ToInt32(elf, header + 4) == VersionNeeds)
            {
                int names = sections + (BitConverter.ToInt32(elf, header + 0x28) * entrySize);
                return Flags(elf, (int)BitConverter.ToInt64(elf, header + 0x18), (int)BitConverter.ToInt64(elf, names + 0x18));
            }
        }

        return null;
    }

    private static int? Flags(byte[] elf, int need, int strings)
    {
        for (int step = -1; step != 0; need += step)
        {
            int version = need + BitConverter.ToInt32(elf, need + 8);
            for (int left = BitConverter.ToUInt16(elf, need + 2); left > 0; left--)
            {
                int name = strings + BitConverter.ToInt32(elf, version + 8);
                if (Encoding.ASCII.GetString(elf, name, Array.IndexOf(elf, (byte)0, name) - name) == SymbolVersion)
                {
                    return BitConverter.ToUInt16(elf, version + 4);
                }

                version += BitConverter.ToInt32(elf, version + 12);
            }

            step = BitConverter.ToInt32(elf, need + 12);
        }

        return null;
    }
}
