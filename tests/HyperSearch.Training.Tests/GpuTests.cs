using System.Runtime.InteropServices;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Samples;
using TorchSharp;

namespace HyperSearch.Training.Tests;

/// <summary>Training on CUDA. Only closeness is promised there.</summary>
[Trait("Category", Gpu.Category)]
public sealed class GpuTests : TrialFixture
{
    private const double Close = 0.02;

    private static readonly ParameterSet FourEpochs = Parameters((HyperparameterCatalog.Epochs, 4), (HyperparameterCatalog.Dropout, 0));

    [Fact]
    public void Train_TheSample_RunsOnTheGpuAndLearns()
    {
        Gpu.Require();

        RecordingObserver observer = Train(Sample(FourEpochs)).Observer;

        observer.Facts!.Device.ShouldBe("cuda");
        ValLoss(observer).ShouldBeLessThan(observer.Reports[0].ValLoss.ShouldNotBeNull());
        observer.Reports[^1].ValAccuracy.ShouldNotBeNull().ShouldBeGreaterThan(0.6);
    }

    [Fact]
    public void Train_CutAndResumed_EndsClose()
    {
        Gpu.Require();
        TrainingRequest whole = Sample(FourEpochs);
        double uncut = ValLoss(Train(whole).Observer);

        TrainingResult first = Train(whole with { ToEpoch = 2, CheckpointRoot = NewRoot() }).Result;
        RecordingObserver rest = Train(whole with { FromEpoch = 2, ResumeFolder = first.Checkpoint!.Path, CheckpointRoot = NewRoot() }).Observer;

        ValLoss(rest).ShouldBe(uncut, Close);
    }

    [Fact]
    public void Train_FrozenBlocks_EndsCloseToWithoutTheirCache()
    {
        Gpu.Require();
        TrainingRequest request = Sample(FourEpochs.With(HyperparameterCatalog.FrozenBlocks, 4));
        double with = ValLoss(Train(request).Observer);

        double without = ValLoss(Train(request with { KeepsFeatures = false, CheckpointRoot = NewRoot() }).Observer);

        with.ShouldBe(without, Close);
    }

    [Fact]
    public void Allocate_MoreThanThereIs_IsOutOfMemory()
    {
        Gpu.Require();

        ExternalException exception = Should.Throw<ExternalException>(() => torch.zeros(1L << 42, device: torch.CUDA));

        TorchRuntime.Translate(exception).Kind.ShouldBe(FailureKind.OutOfMemory);
    }

    private static double ValLoss(RecordingObserver observer) => observer.Reports[^1].ValLoss.ShouldNotBeNull();

    private TrainingRequest Sample(ParameterSet parameters) =>
        Request(parameters) with { WeightsFolder = SampleCatalog.Convnet, Dataset = Data(SampleCatalog.FashionMnistSample) };
}
