using System.Text.Unicode;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>Finds where a file is not UTF-8.</summary>
internal static class Utf8Lines
{
    /// <summary>The first line, from 1, with bytes that are not valid UTF-8; 0 if there is none.</summary>
    public static long FirstInvalid(string path)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] buffer = new byte[1 << 16];
        int kept = 0, read;
        long line = 1;
        while ((read = stream.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            // A line break is never part of a longer character.
            Span<byte> bytes = buffer.AsSpan(0, kept + read);
            for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..], line++)
            {
                if (!Utf8.IsValid(bytes[..end]))
                {
                    return line;
                }
            }

            kept = bytes.Length;
            bytes.CopyTo(buffer);
            if (kept == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }

        return Utf8.IsValid(buffer.AsSpan(0, kept)) ? 0 : line;
    }
}
