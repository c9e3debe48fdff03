using System.Text;
using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;
using HyperSearch.Worker.Slots;

namespace HyperSearch.Worker.Tests.Slots;

public sealed class SlotFramesTests
{
    [Fact]
    public void Read_WhatWasWritten_GivesItBackInOrder()
    {
        using MemoryStream stream = new();
        SlotEvent[] events =
        [
            new() { Job = 1, Started = new TrialStarted { MicroBatch = 16, Threads = 2, Cpu = "any", Libtorch = "2.10" } },
            new() { Job = 1, Reported = new EpochMetrics { Epoch = 1, ValLoss = 0.1 + 0.2, Seconds = 1e-3 } },
            new() { Job = 1, Checkpoint = new WrittenCheckpoint(1, "/some/where") },
            new() { Job = 1 },
            new() { Job = 1, Ended = new SegmentEnd(SegmentEndKind.OutOfMemory) { NextMicroBatch = 8 } },
        ];
        foreach (SlotEvent what in events)
        {
            SlotFrames.Write(stream, what, SlotJson.Default.SlotEvent);
        }

        stream.Position = 0;
        events.ShouldAllBe(e => SlotFrames.Read(stream, SlotJson.Default.SlotEvent) == e);
        SlotFrames.Read(stream, SlotJson.Default.SlotEvent).ShouldBeNull();
    }

    [Fact]
    public void Read_AnOrder_KeepsEveryField()
    {
        using MemoryStream stream = new();
        RunTrial order = Studies.Order(Studies.Synthetic(), 3, from: 2, to: 5, checkpoint: "studies/a/trials/3/1/2") with { MicroBatch = 4, CheckpointIntervalS = 0.5 };
        SlotCommand command = new() { Job = 9, Run = new SlotJob { Trial = order, CheckpointRoot = "root", CheckpointFolder = "from", Threads = 3, DataRoots = ["/data"] } };

        SlotFrames.Write(stream, command, SlotJson.Default.SlotCommand);

        stream.Position = 0;
        SlotCommand read = SlotFrames.Read(stream, SlotJson.Default.SlotCommand)!;
        read.Run!.DataRoots.ShouldBe(["/data"]);
        read.ShouldBe(command with { Run = command.Run with { DataRoots = read.Run.DataRoots } });
    }

    [Theory]
    [InlineData("Intel MKL WARNING: a stray print\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("\u0001\0\0")]
    [InlineData("\u0005\0\0\0{\"a")]
    [InlineData("\u0004\0\0\0nope")]
    [InlineData("\u0004\0\0\0null")]
    [InlineData("\u0002\0\0\0{}")]
    public void Read_Garbage_IsInvalid(string garbage)
    {
        using MemoryStream stream = new(Encoding.Latin1.GetBytes(garbage));

        Should.Throw<InvalidDataException>(() => SlotFrames.Read(stream, SlotJson.Default.SlotEvent));
    }
}
