using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using HyperSearch.Worker.Slots;
using HyperSearch.Worker.Synthetic;

namespace HyperSearch.Worker.Segments;

/// <summary>Chooses the runner of a job and turns whatever goes wrong into the segment's end.</summary>
internal sealed class SegmentRunners(TimeProvider time)
{
    private string? _lastText;
    private StudySpec? _lastSpec;

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a training throws is the end of the trial, not of the process.")]
    public SegmentEnd Run(ChildJob job, ISegmentObserver observer)
    {
        try
        {
            Segment segment = Read(job.Job);
            return segment.Spec.Model.Family.NeedsDataset ? FineTune(segment, observer, job.Stops) : new SyntheticRunner(time).Run(segment, observer, job.Stops);
        }
        catch (JsonException exception)
        {
            return SegmentEnd.Failed(FailureKind.Internal, $"The study cannot be read: {exception.Message}", retryable: false);
        }
        catch (IOException exception)
        {
            return new(SegmentEndKind.StorageFailed) { Message = exception.Message };
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception);
            return SegmentEnd.Failed(FailureKind.Internal, $"{exception.GetType().Name}: {exception.Message}", retryable: false);
        }
    }

    // The tensor library is loaded with the first method that names it, so that synthetic trials never pay for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SegmentEnd FineTune(Segment segment, ISegmentObserver observer, SegmentStops stops) =>
        new FineTuningRunner().Run(segment, observer, stops);

    private Segment Read(SlotJob job)
    {
        RunTrial trial = job.Trial;
        if (_lastSpec is null || _lastText != trial.Spec)
        {
            // Trials of one study follow each other: the text is read once.
            using JsonDocument spec = JsonDocument.Parse(trial.Spec);
            (_lastText, _lastSpec) = (trial.Spec, StudySpecJson.From(spec.RootElement));
        }

        return new(job, _lastSpec, ParameterSet.FromJson(trial.Parameters));
    }
}
