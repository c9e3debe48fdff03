using HyperSearch.Worker.Tests.Coordination;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker.Tests;

public sealed class WorkerOptionsTests
{
    [Theory]
    [InlineData("Worker:Slots", "0")]
    [InlineData("Worker:Device", "tpu")]
    [InlineData("Worker:Precisions:0", "fp8")]
    [InlineData("Worker:HeartbeatSeconds", "0")]
    [InlineData("Artifacts:Folder", "")]
    public async Task StartAsync_WithASettingThatCannotBe_SaysWhich(string setting, string value)
    {
        OptionsValidationException refused = await Should.ThrowAsync<OptionsValidationException>(
            () => RunningWorker.StartAsync(slots: 1, settings: new() { [setting] = value }));

        refused.Message.ShouldContain(setting.Split(':')[1]);
    }

    [Fact]
    public void Defaults_AreThoseOfTheDocuments()
    {
        WorkerOptions options = new();

        (options.HeartbeatSeconds, options.StallTimeoutS, options.ShutdownTimeoutS, options.ThreadsPerSlot).ShouldBe((5, 600, 30, 1));
        options.Slots.ShouldBe(Math.Min(Environment.ProcessorCount, 4));
        options.Pool.ShouldBe("default");
    }
}
