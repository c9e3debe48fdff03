using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HyperSearch.Training;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Slots;

/// <summary>
/// The program of a child process: runs one job after the other until its standard input closes. Commands come on
/// standard input, events go to a descriptor of their own, so that whatever native code prints disturbs nothing.
/// </summary>
internal sealed class SlotChild(Stream events, SegmentRunners runners, TimeProvider time) : IDisposable
{
    private readonly BlockingCollection<SlotCommand> _commands = [];
    private readonly ConcurrentDictionary<long, ChildJob> _known = [];

    public static int Run(string eventHandle)
    {
        // An interrupt from the terminal or a service manager reaches the whole group: when to end is the parent's decision.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => c.Cancel = true);
        using AnonymousPipeClientStream events = new(PipeDirection.Out, eventHandle);
        using SlotChild child = new(events, new SegmentRunners(TimeProvider.System), TimeProvider.System);
        Thread reader = new(child.ReadCommands) { IsBackground = true, Name = "commands" };
        reader.Start();
        child.RunJobs();
        return 0;
    }

    public void Dispose() => _commands.Dispose();

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong on this thread, the process has to end.")]
    private void ReadCommands()
    {
        try
        {
            using Stream commands = Console.OpenStandardInput();
            while (SlotFrames.Read(commands, SlotJson.Default.SlotCommand) is { } command)
            {
                Obey(command);
            }
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine($"The commands cannot be read: {exception.Message}");
        }

        // The parent is gone, or does not need this process: end now, whatever native code is doing.
        using Process self = Process.GetCurrentProcess();
        self.Kill();
    }

    private void Obey(SlotCommand command)
    {
        if (command.Run is { } run)
        {
            _known[command.Job] = new ChildJob(command.Job, run, new SegmentStops());
            _commands.Add(command);
        }
        else if (command.FindPrecisions == true)
        {
            _commands.Add(command);
        }
        else if (command.Stop is { } kind && _known.TryGetValue(command.Job, out ChildJob? running))
        {
            running.Stops.Stop(kind);
        }
    }

    private void RunJobs()
    {
        foreach (SlotCommand command in _commands.GetConsumingEnumerable())
        {
            ChildObserver observer = new(events, command.Job, time);
            if (!_known.TryGetValue(command.Job, out ChildJob? job))
            {
                observer.Found(FindPrecisions());
                continue;
            }

            SegmentEnd end = runners.Run(job, observer);

            // Not disposed: a late stop may still be on its way through the reading thread.
            _known.TryRemove(job.Number, out _);
            observer.Ended(end);
            if (end.SpoilsChild())
            {
                return;
            }
        }
    }

    // Loads the tensor library.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<string> FindPrecisions() => DevicePrecisions.Find();
}
