using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Tests.Segments;

/// <summary>Half of what did not fit, down to 1, or to 8 where batch norm learns.</summary>
public sealed class SmallerMicroBatchTests
{
    [Theory]
    [InlineData("bert", 0, 0, 32, 16)]
    [InlineData("bert", 0, 0, 3, 1)]
    [InlineData("bert", 0, 0, 1, null)]
    [InlineData("convnet", 0, 0, 32, 16)]
    [InlineData("convnet", 0, 0, 12, 8)]
    [InlineData("convnet", 0, 0, 9, 8)]
    [InlineData("convnet", 0, 0, 8, null)]
    [InlineData("convnet", 0, 0, 4, null)]
    [InlineData("convnet", 3, 0, 8, null)]
    [InlineData("convnet", 4, 0, 8, 4)]
    [InlineData("convnet", 4, 0, 1, null)]
    [InlineData("convnet", 4, 1, 8, null)]
    public void SmallerMicroBatch_BeforeItHadStarted_HalvesTheBatchDownToWhatLearns(string family, int frozen, int unfreezeEvery, int batch, int? expected) =>
        FineTuningRunner.SmallerMicroBatch(Of(family, batch, frozen, unfreezeEvery), used: null).ShouldBe(expected);

    [Theory]
    [InlineData(null, 8, 4)]
    [InlineData(16, 8, 4)]
    [InlineData(16, null, 8)]
    [InlineData(null, 1, null)]
    public void SmallerMicroBatch_WithOneSmallerThanTheBatch_HalvesTheOneThatRan(int? asked, int? used, int? expected) =>
        FineTuningRunner.SmallerMicroBatch(Of("bert", batch: 32, asked: asked), used).ShouldBe(expected);

    [Theory]
    [InlineData(SegmentKind.Evaluate)]
    [InlineData(SegmentKind.Probe)]
    public void SmallerMicroBatch_WhereNothingIsTrained_GoesDownToOne(SegmentKind kind) =>
        FineTuningRunner.SmallerMicroBatch(Of("convnet", batch: 8, kind: kind), used: null).ShouldBe(4);

    private static Segment Of(string family, int batch, int frozen = 0, int unfreezeEvery = 0, int? asked = null, SegmentKind kind = SegmentKind.Train)
    {
        ModelFamily known = ModelFamilyCatalog.Find(family)!;
        ParameterSet parameters = known.Defaults.With(HyperparameterCatalog.BatchSize, batch).With(HyperparameterCatalog.FrozenBlocks, frozen)
            .With(HyperparameterCatalog.UnfreezeEvery, unfreezeEvery);
        StudySpec spec = Studies.Synthetic() with { Model = new StudyModel { Name = family, Family = known } };
        RunTrial order = Studies.Order(Studies.Synthetic(), 0) with { Attempt = new(Studies.Id, 0, kind, 1), MicroBatch = asked };
        return Studies.Segment(spec, order, root: "unused", parameters: parameters);
    }
}
