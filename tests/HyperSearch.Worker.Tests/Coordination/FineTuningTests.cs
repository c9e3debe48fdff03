using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>A real model on the shipped sample, through the bus and a child process.</summary>
public sealed class FineTuningTests
{
    private static readonly StudySpec Convnet = Studies.Synthetic() with
    {
        Model = new StudyModel { Name = "convnet", Family = ModelFamilyCatalog.Convnet, Weights = "samples:convnet" },
        Dataset = new StudyDataset { Name = "fashion-mnist-sample", Location = "samples:fashion-mnist-sample", Classes = 10, MaxTrainExamples = 100 },
        Objective = new Objective { Metric = "val_accuracy", Maximize = true },
    };

    [Theory]
    [InlineData(Precisions.Fp32)]
    [InlineData(Precisions.Bf16)]
    public async Task RunTrial_TrainPauseResumeAndEvaluate_WorksOnARealModel(string precision)
    {
        StudySpec study = Convnet with { Precision = precision };
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial first = Order(study, attempt: 1);
        await worker.SendAsync(first);
        TrialStarted facts = (await worker.Coordinator.StartOfAsync(first.Attempt)).Started!;
        (facts.MicroBatch, facts.Threads, facts.Libtorch is null).ShouldBe((32, 1, false));

        await worker.SendAsync(new StopTrial(first.Attempt, StopKind.FinishEpoch));
        SegmentReturned paused = (await worker.Coordinator.EndOfAsync(first.Attempt)).Returned.ShouldNotBeNull();
        paused.Cause.ShouldBe(ReturnCause.Pause);
        int epoch = paused.Checkpoint!.Epoch;
        RunTrial second = Order(study, attempt: 2) with { FromEpoch = epoch, ToEpoch = epoch + 1, Checkpoint = paused.Checkpoint.Key };
        await worker.SendAsync(second);
        SegmentCompleted completed = (await worker.Coordinator.EndOfAsync(second.Attempt)).Completed.ShouldNotBeNull();
        completed.Reports.ShouldHaveSingleItem().ValAccuracy!.Value.ShouldBeGreaterThan(0.2);
        worker.Coordinator.Of(second.Attempt).Single(e => e.Reported is not null).Reported!.Checkpoint.ShouldBe(completed.Checkpoint);

        RunTrial score = Order(study, attempt: 1) with { Attempt = new(Studies.Id, 0, SegmentKind.Evaluate, 1), Checkpoint = completed.Checkpoint!.Key };
        await worker.SendAsync(score);
        TestScore test = (await worker.Coordinator.EndOfAsync(score.Attempt)).Completed!.Test.ShouldNotBeNull();
        test.Examples.ShouldBe(1000);
        test.Value!.Value.ShouldBeInRange(0.2, 1);
    }

    [Fact]
    public async Task RunTrial_Probe_ScoresEveryDepthOfARealModel()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial order = Order(Convnet, attempt: 1) with { Attempt = new(Studies.Id, -2, SegmentKind.Probe, 1), FromEpoch = 0, ToEpoch = 0 };

        await worker.SendAsync(order);

        SegmentCompleted completed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Completed.ShouldNotBeNull();
        ProbeMeasurement probe = completed.Probe.ShouldNotBeNull();
        (probe.Examples, probe.HeldOut, probe.Missing).ShouldBe((100, 100, null));
        probe.Depths.Select(d => d.Blocks).ShouldBe([1, 2, 3, 4]);
        probe.Depths[3].Value.ShouldBeGreaterThan(probe.Depths[0].Value);
        (completed.Checkpoint, completed.Test, completed.Reports.Count).ShouldBe((null, null, 0));
        worker.Coordinator.Of(order.Attempt).Count(e => e.Started is not null).ShouldBe(1);
    }

    [Fact]
    public async Task RunTrial_OnADatasetThatIsMissing_FailsAsDatasetErrorAndNamesIt()
    {
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1);
        RunTrial order = Order(Convnet with { Dataset = Convnet.Dataset! with { Location = "samples:nowhere" } }, attempt: 1);

        await worker.SendAsync(order);

        TrialFailed failed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Failed.ShouldNotBeNull();
        failed.Kind.ShouldBe("dataset_error");
        failed.Message.ShouldContain("nowhere");
    }

    [Fact]
    public async Task RunTrial_OnAWorkerThatOffersADeviceItsChildDoesNotHave_FailsAndSaysSo()
    {
        // No machine has so many.
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, settings: new() { ["Worker:Device"] = "cuda:99" });
        RunTrial order = Order(Convnet, attempt: 1);

        await worker.SendAsync(order);

        TrialFailed failed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Failed.ShouldNotBeNull();
        (failed.Kind, failed.Retryable).ShouldBe(("internal", false));
        failed.Message.ShouldContain("The worker offers cuda:99, but the tensor library finds only cpu");
    }

    private static RunTrial Order(StudySpec spec, int attempt) =>
        Studies.Order(spec, 0, attempt: attempt, parameters: ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.FrozenBlocks, 4)) with { CheckpointIntervalS = 3600 };
}
