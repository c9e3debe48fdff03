using HyperSearch.Core.Studies;
using HyperSearch.Worker.Tests.Coordination;
using Microsoft.Extensions.DependencyInjection;

namespace HyperSearch.Worker.Tests;

public sealed class WorkerPrecisionsTests
{
    [Fact]
    public async Task Heartbeats_OnceTheDeviceWasTried_AnnounceBf16()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, settings: new() { ["Worker:Precisions:1"] = Precisions.Bf16 });

        (await worker.Coordinator.HeartbeatAsync(_ => true, "a heartbeat")).Registration.Precisions.ShouldContain(Precisions.Fp32);
        await worker.Coordinator.HeartbeatAsync(h => h.Registration.Precisions.SequenceEqual(Precisions.All), "bf16");
        worker.ChildIds.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "/bin/false", "fp32")]
    [InlineData(null, "/nowhere/at/all", "fp32")]
    [InlineData("bf16", "/bin/false", "")]
    [InlineData("fp32", null, "fp32")]
    public async Task Find_WithoutAnAnswerOrSwitchedOff_AddsNothing(string? allowed, string? child, string known)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX programs");
        Dictionary<string, string?> settings = new() { ["Worker:Precisions:0"] = allowed ?? Precisions.Fp32, ["Worker:ChildCommand:0"] = child ?? WorkerProgram.Path };
        if (allowed is null)
        {
            settings["Worker:Precisions:1"] = Precisions.Bf16;
        }

        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, settings: settings);
        WorkerPrecisions precisions = worker.Services.GetRequiredService<WorkerPrecisions>();

        await precisions.FindAsync(TestContext.Current.CancellationToken);

        precisions.Known.ShouldBe(known.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
