using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies.Synthetic;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;
using HyperSearch.Worker.Synthetic;
using HyperSearch.Worker.Tests.Segments;

namespace HyperSearch.Worker.Tests.Synthetic;

public sealed class SyntheticRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SegmentStops _stops = new();

    public void Dispose()
    {
        _stops.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Run_CutAtAnEpoch_ReportsWhatTheUncutTrialReports(int cut)
    {
        StudySpec spec = Studies.Synthetic(new() { Noise = 0.02, Crossing = 0.5 });
        RecordingObserver whole = new();
        Run(spec, Studies.Order(spec, 5), whole).Kind.ShouldBe(SegmentEndKind.Completed);
        RecordingObserver parts = new();
        Run(spec, Studies.Order(spec, 5, to: cut), parts).Kind.ShouldBe(SegmentEndKind.Completed);
        Run(spec, Studies.Order(spec, 5, from: cut), parts, parts.Checkpoints[^1].Folder).Kind.ShouldBe(SegmentEndKind.Completed);

        parts.Reports.ShouldBe(whole.Reports);
        whole.Reports.Select(r => r.Epoch).ShouldBe(Enumerable.Range(1, 9));
        whole.Reports.ShouldAllBe(r => r.FitLoss == r.ValLoss && r.TrainValue == r.ValLoss && r.ValAccuracy == 1 / (1 + r.ValLoss));
    }

    [Theory]
    [InlineData("failure")]
    [InlineData("divergence")]
    public void Run_ATrialThatEndsBadly_EndsAtTheSameEpochHoweverItIsCut(string how)
    {
        SyntheticOptions options = how == "failure" ? new() { FailureRate = 1 } : new() { DivergenceRate = 1 };
        StudySpec spec = Studies.Synthetic(options);
        SyntheticCurve curve = new(Studies.Defaults, options, spec.Seed, 2, 11);
        int at = (curve.FailsAt ?? curve.DivergesAt)!.Value;
        RecordingObserver observer = new();

        SegmentEnd end = Run(spec, Studies.Order(spec, 2), observer);

        observer.Reports.Count.ShouldBe(at - 1);
        if (how == "failure")
        {
            (end.Kind, end.Failure, end.Retryable).ShouldBe((SegmentEndKind.Failed, FailureKind.Internal, false));
        }
        else
        {
            (end.Kind, end.DivergedEpoch).ShouldBe((SegmentEndKind.Diverged, at));
        }

        if (at > 1)
        {
            Run(spec, Studies.Order(spec, 2, to: at - 1), new RecordingObserver()).Kind.ShouldBe(SegmentEndKind.Completed);
        }
    }

    [Fact]
    public void Run_WithAnInterval_WritesCheckpointsAtTheFirstEpochAndTheEnd()
    {
        StudySpec spec = Studies.Synthetic();
        RecordingObserver observer = new();

        Run(spec, Studies.Order(spec, 0) with { CheckpointIntervalS = 30 }, observer);

        observer.Checkpoints.Select(c => c.Epoch).ShouldBe([1, 9]);
        observer.Order.Take(4).ShouldBe(["started", "checkpoint 1", "report 1", "report 2"]);
        SyntheticCheckpoint.Read(observer.Checkpoints[^1].Folder).ShouldBe(new SyntheticCheckpoint(9, 11));
    }

    [Fact]
    public void Run_ToldToFinishTheEpoch_EndsThereWithACheckpoint()
    {
        StudySpec spec = Studies.Synthetic();
        RecordingObserver observer = new() { OnReport = () => _stops.Stop(StopKind.FinishEpoch) };

        SegmentEnd end = Run(spec, Studies.Order(spec, 0) with { CheckpointIntervalS = 30 }, observer);

        end.Kind.ShouldBe(SegmentEndKind.StoppedAtEpoch);
        observer.Order.ShouldBe(["started", "checkpoint 1", "report 1", "checkpoint 2", "report 2"]);
    }

    [Fact]
    public void Run_ToldToStopNow_EndsInTheMiddleOfAnEpoch()
    {
        StudySpec spec = Studies.Synthetic(new() { EpochMs = 3_600_000 });
        _stops.Stop(StopKind.StopNow);
        RecordingObserver observer = new();

        Run(spec, Studies.Order(spec, 0), observer).Kind.ShouldBe(SegmentEndKind.StoppedNow);

        observer.Reports.ShouldBeEmpty();
    }

    [Fact]
    public void Run_WithPatience_EndsAlikeHoweverItIsCut()
    {
        StudySpec spec = Studies.Synthetic(new() { Noise = 0.5 }, patience: 2);
        RecordingObserver whole = new();
        Run(spec, Studies.Order(spec, 1), whole).Kind.ShouldBe(SegmentEndKind.StoppedEarly);
        int last = whole.Reports.Count;
        last.ShouldBeInRange(3, 8);

        RecordingObserver first = new();
        Run(spec, Studies.Order(spec, 1, to: last - 1), first).Kind.ShouldBe(SegmentEndKind.Completed);
        Run(spec, Studies.Order(spec, 1, from: last - 1), first, first.Checkpoints[^1].Folder).Kind.ShouldBe(SegmentEndKind.StoppedEarly);

        first.Reports.ShouldBe(whole.Reports);
    }

    [Fact]
    public void Run_AtACheckpointOfAnotherEpoch_FailsAndSaysSo()
    {
        StudySpec spec = Studies.Synthetic();
        string folder = new SyntheticCheckpoint(2, 11).Write(_folder.Path);

        SegmentEnd end = Run(spec, Studies.Order(spec, 0, from: 3), new RecordingObserver(), folder);

        (end.Kind, end.Failure).ShouldBe((SegmentEndKind.Failed, FailureKind.Internal));
        end.Message!.ShouldContain("epoch 2");
    }

    [Fact]
    public void Run_AnEvaluation_SaysThatThereIsNoTestSplit()
    {
        StudySpec spec = Studies.Synthetic();
        RunTrial order = Studies.Order(spec, 0);

        SegmentEnd end = Run(spec, order with { Attempt = order.Attempt with { Kind = SegmentKind.Evaluate } }, new RecordingObserver());

        end.Kind.ShouldBe(SegmentEndKind.Completed);
        end.Test!.Missing.ShouldNotBeNull();
    }

    [Fact]
    public void Run_AnotherParameterSet_IsRankedByIt()
    {
        StudySpec spec = Studies.Synthetic();
        RecordingObserver near = new();
        RecordingObserver far = new();
        Run(spec, Studies.Order(spec, 0), near);
        Run(spec, Studies.Order(spec, 1), far, parameters: Studies.Defaults.With(HyperparameterCatalog.LearningRate, 1));

        far.Reports[^1].ValLoss!.Value.ShouldBeGreaterThan(near.Reports[^1].ValLoss!.Value);
    }

    private SegmentEnd Run(StudySpec spec, RunTrial order, RecordingObserver observer, string? checkpoint = null, ParameterSet? parameters = null) =>
        new SyntheticRunner(TimeProvider.System).Run(Studies.Segment(spec, order, _folder.In($"{order.Attempt.Number}"), checkpoint, parameters), observer, _stops);
}
