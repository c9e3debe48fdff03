using System.Runtime.InteropServices;

namespace HyperSearch.Training;

/// <summary>
/// What becomes of memory that tensors have freed. By itself glibc gives much of it back after every step and gets it again,
/// page by page, for the next: a tenth of a step of a ResNet-18. Never given back, it is too much: between the small blocks
/// that live on, the heap breaks up under tensors of many sizes, and a process that trained a MobileNetV2 on images of 64x64
/// grew from 0.5 to 6.5 GB within three trials. So it is kept while an epoch runs and given back at epoch ends, every 5 s at
/// most, and when a segment ends. Mapping large blocks one by one keeps it small too, but doubles the processor time.
/// </summary>
internal static class FreedMemory
{
    // mallopt(3); the second is the most that can be set.
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int MostMapThreshold = 32 << 20;

    private static readonly nint Library = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint library) ? library : 0;
    private static readonly Trim? MallocTrim = Find<Trim>("malloc_trim");

    private delegate int Trim(nuint pad);

    private delegate int Option(int name, int value);

    /// <summary>From now on keeps it until <see cref="Return"/>; does nothing where the C library is not glibc.</summary>
    public static void Keep()
    {
        Option? option = Find<Option>("mallopt");
        option?.Invoke(TrimThreshold, int.MaxValue);
        option?.Invoke(MapThreshold, MostMapThreshold);
    }

    /// <summary>Gives it back; does nothing where the C library is not glibc.</summary>
    public static void Return() => MallocTrim?.Invoke(0);

    private static T? Find<T>(string name) where T : Delegate =>
        Library != 0 && NativeLibrary.TryGetExport(Library, name, out nint function) ? Marshal.GetDelegateForFunctionPointer<T>(function) : null;
}
