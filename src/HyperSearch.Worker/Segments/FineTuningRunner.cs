using System.Runtime.InteropServices;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using HyperSearch.Training;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.SimilarityProbe;

namespace HyperSearch.Worker.Segments;

/// <summary>Trains, scores or probes a real model.</summary>
internal sealed class FineTuningRunner : ISegmentRunner
{
    // Unfrozen batch norm learns nothing sensible from fewer examples at a time.
    private const int SmallestWithBatchNorm = 8;

    public SegmentEnd Run(Segment segment, ISegmentObserver observer, SegmentStops stops)
    {
        TrainingEvents events = new(observer);
        try
        {
            RequireDevice(segment.Job.Device);
            return segment.Job.Trial.Attempt.Kind switch
            {
                SegmentKind.Train => Train(segment, events, stops),
                SegmentKind.Evaluate => Evaluate(segment, events, stops.Now),
                SegmentKind.Probe => Probe(segment, events, stops.Now),
                var kind => throw new InvalidOperationException($"Unknown segment {kind}."),
            };
        }
        catch (OperationCanceledException) when (stops.Now.IsCancellationRequested)
        {
            return new(SegmentEndKind.StoppedNow);
        }
        catch (TrainingException exception) when (exception.Kind == FailureKind.OutOfMemory)
        {
            return new(SegmentEndKind.OutOfMemory) { Message = exception.Message, NextMicroBatch = SmallerMicroBatch(segment, events.MicroBatch) };
        }
        catch (TrainingException exception)
        {
            // What the kinds mean for people is in the message; where it came from matters only for the unexpected.
            Console.Error.WriteLine(exception.Kind == FailureKind.Internal ? exception : exception.Message);
            return EndOf(exception);
        }
        finally
        {
            events.Flush();
        }
    }

    /// <summary>How a segment ends that failed otherwise than by memory.</summary>
    internal static SegmentEnd EndOf(TrainingException exception) => exception.InnerException is ExternalException
        ? new(SegmentEndKind.LibraryFailed) { Message = exception.Message }
        : SegmentEnd.Failed(exception.Kind, exception.Message, retryable: exception.Kind == FailureKind.DatasetError);

    /// <summary>A worker that offers a GPU must not train on the processor unnoticed.</summary>
    private static void RequireDevice(string? offered)
    {
        if (offered is not null && offered.Split(':')[0] != FineTuning.DeviceKind)
        {
            throw new TrainingException(
                FailureKind.Internal, $"The worker offers {offered}, but the tensor library finds only {FineTuning.DeviceKind}: check driver and build, or set Worker:Device.");
        }
    }

    private static SegmentEnd Train(Segment segment, TrainingEvents events, SegmentStops stops)
    {
        TrainingResult result = FineTuning.Train(TrainingRequestOf(segment), events, new StopSignals { Now = stops.Now, AtEpochEnd = stops.AtEpochEnd });
        return result.End switch
        {
            TrainingEnd.Completed => new(SegmentEndKind.Completed),
            TrainingEnd.Diverged => new(SegmentEndKind.Diverged) { DivergedEpoch = result.DivergedEpoch },
            TrainingEnd.EarlyStopped => new(SegmentEndKind.StoppedEarly),
            TrainingEnd.StoppedNow => new(SegmentEndKind.StoppedNow),
            TrainingEnd.StoppedAtEpoch => new(SegmentEndKind.StoppedAtEpoch),
            _ => throw new InvalidOperationException($"Unknown end {result.End}."),
        };
    }

    private static SegmentEnd Evaluate(Segment segment, TrainingEvents events, CancellationToken stop)
    {
        string checkpoint = segment.Job.CheckpointFolder ?? throw new TrainingException(FailureKind.Internal, "There is no checkpoint to score.");
        events.UntrainedStarted(segment.Job.Threads);
        EvaluationResult result = FineTuning.Evaluate(
            new EvaluationRequest
            {
                Family = segment.Spec.Model.Family,
                ModelFolder = Path.Combine(checkpoint, "best"),
                Dataset = Source(segment),
                Metric = segment.Spec.Objective.Metric,
                MicroBatch = Reduced(segment),
                Precision = segment.Spec.Precision,
                Threads = segment.Job.Threads,
            },
            events.BatchFinished,
            stop);
        TestScore score = new() { Value = result.Value, Examples = result.Examples, StandardError = result.StandardError, Missing = result.Missing };
        return new(SegmentEndKind.Completed) { Test = score };
    }

    private static SegmentEnd Probe(Segment segment, TrainingEvents events, CancellationToken stop)
    {
        StudySpec spec = segment.Spec;
        events.UntrainedStarted(segment.Job.Threads);
        (ProbeScores? scores, string? missing) = FineTuning.Probe(
            new ProbeRequest
            {
                Family = spec.Model.Family,
                WeightsFolder = Weights(segment),
                WeightsRoots = WeightsRoots(segment),
                Dataset = Source(segment),
                MaxTrainExamples = spec.Dataset?.MaxTrainExamples,
                MicroBatch = Reduced(segment),
                Threads = segment.Job.Threads,
            },
            events.BatchFinished,
            stop);
        ProbeMeasurement measured = scores is null ? new() { Missing = missing } : new()
        {
            Depths = [.. scores.Depths.Select(d => new ProbedDepth(d.Blocks, d.Value, d.StandardError))],
            Examples = scores.Examples,
            HeldOut = scores.HeldOut,
        };
        return new(SegmentEndKind.Completed) { Probe = measured };
    }

    private static TrainingRequest TrainingRequestOf(Segment segment)
    {
        StudySpec spec = segment.Spec;
        RunTrial trial = segment.Job.Trial;
        return new TrainingRequest
        {
            Family = spec.Model.Family,
            WeightsFolder = Weights(segment),
            WeightsRoots = WeightsRoots(segment),
            Dataset = Source(segment),
            KeepsFeatures = segment.Job.KeepsFeatures,
            MaxTrainExamples = spec.Dataset?.MaxTrainExamples,
            Parameters = segment.Parameters,
            Objective = spec.Objective,
            Seed = trial.Seed,
            FromEpoch = trial.FromEpoch,
            ToEpoch = trial.ToEpoch,
            ResumeFolder = segment.Job.CheckpointFolder,
            CheckpointRoot = segment.Job.CheckpointRoot,
            CheckpointIntervalSeconds = trial.CheckpointIntervalS,
            MicroBatch = trial.MicroBatch,
            Augmentation = spec.Augmentation,
            ClassWeights = spec.ClassWeights,
            EarlyStoppingPatience = spec.EarlyStoppingPatience,
            MaxGradNorm = spec.MaxGradNorm,
            Precision = spec.Precision,
            Threads = segment.Job.Threads,
        };
    }

    private static string? Weights(Segment segment) =>
        segment.Spec.Model is { Weights: { } weights } model ? Located(segment, weights, model.Name) : null;

    // What the catalogue names an operator has placed.
    private static IReadOnlyList<string>? WeightsRoots(Segment segment) => segment.Spec.Model.Name is null ? segment.Job.DataRoots : null;

    private static DatasetSource Source(Segment segment)
    {
        StudyDataset dataset = segment.Spec.Dataset ?? throw new TrainingException(FailureKind.DatasetError, "The study names no dataset.");
        return new()
        {
            Folder = Located(segment, dataset.Location, dataset.Name),
            Format = dataset.Format,
            Options = dataset.Options,
            Roots = segment.Job.DataRoots,
            CacheFolder = segment.Job.CacheFolder,
            CacheBytes = segment.Job.CacheBytes,
        };
    }

    private static string Located(Segment segment, string location, string? catalogueName) =>
        DataLocation.Resolve(location, catalogueName is not null, segment.Job.DataRoots);

    // Equal to the batch it tells nothing of memory: that is what every trial has that never ran out.
    private static int? Reduced(Segment segment) =>
        segment.Job.Trial.MicroBatch is { } fits && fits < segment.Parameters.BatchSize ? fits : null;

    /// <summary>What to try after a micro-batch did not fit: half of it; null when it was the smallest one.</summary>
    /// <param name="segment">What ran out of memory.</param>
    /// <param name="used">The micro-batch it ran with; null when it ran out before it had one.</param>
    internal static int? SmallerMicroBatch(Segment segment, int? used)
    {
        int batch = used ?? segment.Job.Trial.MicroBatch ?? segment.Parameters.BatchSize;
        bool batchNorm = segment.Job.Trial.Attempt.Kind == SegmentKind.Train && segment.Spec.Model.Family.TrainsBatchNorm(segment.Parameters);
        int smallest = batchNorm ? SmallestWithBatchNorm : 1;
        return batch > smallest ? Math.Max(smallest, batch / 2) : null;
    }
}
