namespace HyperSearch.Training;

/// <summary>
/// For work over many or large files that takes long on a slow disk: every 1,000 files and every 64 MB it says that the
/// work goes on, so that nobody takes it for stalled, and listens whether it shall end.
/// </summary>
/// <param name="alive">Says it.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class SignOfLife(Action alive, CancellationToken cancellationToken)
{
    private const int FilesBetween = 1000;
    private const long BytesBetween = 64_000_000;

    private int _files;
    private long _bytes;

    /// <summary>Counts a file that was looked at.</summary>
    /// <exception cref="OperationCanceledException">The work shall end.</exception>
    public void File() => Give(++_files >= FilesBetween);

    /// <summary>Counts bytes that were read.</summary>
    /// <inheritdoc cref="File"/>
    public void Read(int bytes) => Give((_bytes += bytes) >= BytesBetween);

    private void Give(bool due)
    {
        if (due)
        {
            (_files, _bytes) = (0, 0);
            alive();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
