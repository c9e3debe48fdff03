using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace HyperSearch.Worker.Slots;

/// <summary>One child process as its parent sees it.</summary>
internal sealed partial class ChildProcess
{
    // The write end of an event pipe must not reach a second child, or the death of the first would go unnoticed.
    private static readonly Lock Starting = new();
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly AnonymousPipeServerStream _pipe;
    private readonly ChildOutput _output;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _sending = new();
    private readonly Channel<SlotEvent> _events = Channel.CreateUnbounded<SlotEvent>(new() { SingleReader = true, SingleWriter = true });
    private readonly Task _ended;
    private bool _used;
    private long _lastActivity;
    private string? _garbage;

    private ChildProcess(Process process, AnonymousPipeServerStream pipe, TimeProvider time, ILogger logger)
    {
        (_process, _pipe, _time, _logger) = (process, pipe, time, logger);
        Id = process.Id;
        _lastActivity = time.GetTimestamp();
        _output = new(Id, logger);
        _ended = WatchAsync(Task.Factory.StartNew(ReadEvents, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        LogStarted(Id);
    }

    public int Id { get; }

    /// <summary>Its events in order; complete once it is dead.</summary>
    public ChannelReader<SlotEvent> Events => _events.Reader;

    /// <summary>When it last gave a sign of life.</summary>
    public long LastActivity => Volatile.Read(ref _lastActivity);

    public bool IsAlive => !_ended.IsCompleted && !_process.HasExited;

    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static ChildProcess Start(ChildLaunch launch, TimeProvider time, ILogger logger)
    {
        lock (Starting)
        {
            AnonymousPipeServerStream pipe = new(PipeDirection.In, HandleInheritability.Inheritable);
            try
            {
                Process process = Process.Start(launch.For(pipe.GetClientHandleAsString()))!;
                pipe.DisposeLocalCopyOfClientHandle();
                return new(process, pipe, time, logger);
            }
            catch (Exception)
            {
                pipe.DisposeLocalCopyOfClientHandle();
                pipe.Dispose();
                throw;
            }
        }
    }

    /// <summary>Gives it a command. A dead child is not an error: its events end.</summary>
    public void Send(SlotCommand command)
    {
        lock (_sending)
        {
            if (command.Run is not null)
            {
                if (Interlocked.Exchange(ref _used, true))
                {
                    _output.NextJob(); // what it printed at its start counts with the first job
                }

                Volatile.Write(ref _lastActivity, _time.GetTimestamp());
            }

            try
            {
                SlotFrames.Write(_process.StandardInput.BaseStream, command, SlotJson.Default.SlotCommand);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                LogCannotSend(exception, Id);
            }
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            LogCannotKill(exception, Id);
        }
    }

    /// <summary>What is known of its death, once its events have ended.</summary>
    public async Task<string> EpitaphAsync()
    {
        await _ended;
        string how = _garbage ?? FormattableString.Invariant($"exit code {_process.ExitCode}");
        return $"child process {Id}: {how}{(_output.LastLine is { } line ? $"; {line}" : "")}";
    }

    /// <summary>Lets it end by closing its input.</summary>
    public async Task EndAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It died before it had read its last command.
            LogCannotSend(exception, Id);
        }

        if (await Task.WhenAny(_ended, Task.Delay(LastWords, _time)) != _ended)
        {
            Kill();
        }
    }

    private void ReadEvents()
    {
        try
        {
            while (SlotFrames.Read(_pipe, SlotJson.Default.SlotEvent) is { } what)
            {
                Volatile.Write(ref _lastActivity, _time.GetTimestamp());
                _events.Writer.TryWrite(what);
            }
        }
        catch (InvalidDataException exception)
        {
            _garbage = $"it broke the protocol: {exception.Message}";
        }
        catch (IOException exception)
        {
            _garbage = exception.Message;
        }

        Kill();
    }

    private async Task WatchAsync(Task reading)
    {
        Task output = Task.WhenAll(_output.ForwardAsync(_process.StandardOutput), _output.ForwardAsync(_process.StandardError));
        await _process.WaitForExitAsync();
        await Task.WhenAny(Task.WhenAll(reading, output), Task.Delay(LastWords, _time));
        LogEnded(Id, _process.ExitCode);
        _events.Writer.TryComplete();
        if (reading.IsCompleted)
        {
            await _pipe.DisposeAsync();
        }
    }

    [LoggerMessage(LogLevel.Debug, "Started child {ProcessId}")]
    private partial void LogStarted(int processId);

    [LoggerMessage(LogLevel.Debug, "Child {ProcessId} has ended with {ExitCode}")]
    private partial void LogEnded(int processId, int exitCode);

    [LoggerMessage(LogLevel.Debug, "Child {ProcessId} takes no commands any more")]
    private partial void LogCannotSend(Exception exception, int processId);

    [LoggerMessage(LogLevel.Debug, "Child {ProcessId} cannot be killed; it has probably ended")]
    private partial void LogCannotKill(Exception exception, int processId);
}
