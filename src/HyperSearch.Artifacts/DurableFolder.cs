using System.Runtime.InteropServices;

namespace HyperSearch.Artifacts;

/// <summary>What .NET lacks to make the entries of a folder durable and to swap two folders in one step.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY on Linux x64; arm64 differs, see Open
    private const int ReadOnlyDirectoryArm = 0x4000;
    private const int CloseOnExec = 0x80000;
    private const int AtCurrentFolder = -100;
    private const uint ExchangeNames = 2;
    private const int InvalidArgument = 22;

    /// <summary>Writes the names in a folder to disk (Linux; elsewhere the file system's own order has to do).</summary>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadOnlyDirectoryArm : ReadOnlyDirectory;
        int descriptor = Open(folder, directory | CloseOnExec);
        if (descriptor < 0)
        {
            throw LastError("open", folder);
        }

        try
        {
            // Some network file systems cannot flush a folder and answer EINVAL; they write names through.
            if (Synchronize(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw LastError("flush", folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Swaps two folders in one step. False where the system or the file system cannot.</summary>
    public static bool TryExchange(string first, string second)
    {
        try
        {
            return OperatingSystem.IsLinux() && Exchange(AtCurrentFolder, first, AtCurrentFolder, second, ExchangeNames) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false; // a C library without renameat2
        }
    }

    private static IOException LastError(string action, string folder)
    {
        int code = Marshal.GetLastPInvokeError();
        return new IOException($"Cannot {action} folder '{folder}': {Marshal.GetPInvokeErrorMessage(code)}", code);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exchange(int firstFolder, string first, int secondFolder, string second, uint flags);
}
