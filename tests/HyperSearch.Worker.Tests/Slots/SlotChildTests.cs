using System.Diagnostics;
using System.IO.Pipes;
using HyperSearch.Worker.Slots;

namespace HyperSearch.Worker.Tests.Slots;

/// <summary>The child's own program, driven without a parent.</summary>
public sealed class SlotChildTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_WhenItsInputClosesOrBreaks_EndsInTheMiddleOfAJob(bool garbage)
    {
        using TemporaryFolder folder = new();
        using AnonymousPipeServerStream events = new(PipeDirection.In, HandleInheritability.Inheritable);
        ProcessStartInfo start = new(WorkerProgram.Path, [WorkerHost.SlotVerb, events.GetClientHandleAsString()])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using Process child = Process.Start(start)!;
        events.DisposeLocalCopyOfClientHandle();
        SlotJob job = new() { Trial = Studies.Order(Studies.Synthetic(new() { EpochMs = 3_600_000 }), 0), CheckpointRoot = folder.Path };
        SlotFrames.Write(child.StandardInput.BaseStream, new SlotCommand { Job = 5, Run = job }, SlotJson.Default.SlotCommand);
        SlotEvent first = SlotFrames.Read(events, SlotJson.Default.SlotEvent).ShouldNotBeNull();
        first.Job.ShouldBe(5);
        first.Started.ShouldNotBeNull();

        if (garbage)
        {
            await child.StandardInput.WriteLineAsync("stop it please");
            await child.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            child.StandardInput.Close();
        }

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        await child.WaitForExitAsync(patience.Token);
        child.HasExited.ShouldBeTrue();
    }
}
