using System.Text;
using Microsoft.Extensions.Logging;

namespace HyperSearch.Worker.Slots;

/// <summary>Forwards what a child prints to the log: so many lines for each job, each so long, whatever it prints.</summary>
internal sealed partial class ChildOutput(int processId, ILogger logger)
{
    private const int MaxLines = 200;
    private const int MaxLineLength = 2000;
    private int _lines;
    private volatile string? _lastLine;

    /// <summary>The last line it printed, for the story of its death.</summary>
    public string? LastLine => _lastLine;

    public void NextJob()
    {
        Interlocked.Exchange(ref _lines, 0);
        _lastLine = null;
    }

    /// <summary>Reads to the end of a stream.</summary>
    public async Task ForwardAsync(TextReader reader)
    {
        char[] buffer = new char[4096];
        StringBuilder line = new();
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (char c in buffer.AsMemory(0, read).Span)
            {
                if (c == '\n')
                {
                    Forward(line);
                }
                else if (line.Length < MaxLineLength)
                {
                    line.Append(c);
                }
            }
        }

        Forward(line);
    }

    private void Forward(StringBuilder line)
    {
        string text = line.ToString().TrimEnd();
        line.Clear();
        if (text.Length == 0)
        {
            return;
        }

        _lastLine = text;
        int count = Interlocked.Increment(ref _lines);
        if (count <= MaxLines)
        {
            LogLine(processId, text);
        }
        else if (count == MaxLines + 1)
        {
            LogTooMuch(processId, MaxLines);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Child {ProcessId}: {Line}")]
    private partial void LogLine(int processId, string line);

    [LoggerMessage(LogLevel.Warning, "Child {ProcessId} has printed {Lines} lines in this job; the rest is dropped")]
    private partial void LogTooMuch(int processId, int lines);
}
