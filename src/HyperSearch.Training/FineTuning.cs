using System.Runtime.InteropServices;
using HyperSearch.Training.SimilarityProbe;

namespace HyperSearch.Training;

/// <summary>
/// Trains one segment of a trial, scores an exported model, or probes a pretrained one. One call at a time per process: the tensor library's
/// generator and thread count are process-wide, so a second call waits.
/// </summary>
public static class FineTuning
{
    /// <summary>The kind of device that this process trains on: <c>cpu</c>, or <c>cuda</c> where the tensor library finds one.</summary>
    public static string DeviceKind => TorchRuntime.Device.type == TorchSharp.DeviceType.CUDA ? "cuda" : "cpu";

    /// <summary>Trains from one epoch end to another. A trial cut at any epoch ends bit-identical to the uncut one for equal <see cref="TrainingFacts"/>.</summary>
    /// <param name="request">The segment.</param>
    /// <param name="observer">Hears reports and checkpoints as they come.</param>
    /// <param name="stop">How to end it early.</param>
    /// <param name="timeProvider">The clock of intervals and rates; default the system's.</param>
    /// <exception cref="TrainingException">It cannot go on; the kind says why.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written; another machine could go on.</exception>
    public static TrainingResult Train(TrainingRequest request, ITrainingObserver observer, StopSignals stop, TimeProvider? timeProvider = null)
    {
        TrainingChecks.Check(request);
        return Alone(request.Threads, () =>
        {
            try
            {
                using TrainingRun run = new(request, observer, stop, timeProvider ?? TimeProvider.System);
                return run.Run();
            }
            catch (OperationCanceledException) when (stop.Now.IsCancellationRequested)
            {
                // Before the first epoch: data can take long to decode.
                return new() { ReachedEpoch = request.FromEpoch, End = TrainingEnd.StoppedNow };
            }
        });
    }

    /// <summary>Scores an exported model on the test split.</summary>
    /// <param name="request">Model, data and metric.</param>
    /// <param name="cancellationToken">Ends it at the next batch.</param>
    /// <exception cref="TrainingException">Model or data are missing or damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EvaluationResult Evaluate(EvaluationRequest request, CancellationToken cancellationToken) =>
        Evaluate(request, static () => { }, cancellationToken);

    /// <inheritdoc cref="Evaluate(EvaluationRequest, CancellationToken)"/>
    /// <param name="request">What to score.</param>
    /// <param name="batchFinished">Called after every batch: a sign of life.</param>
    /// <param name="cancellationToken">Ends the scoring at the next batch.</param>
    public static EvaluationResult Evaluate(EvaluationRequest request, Action batchFinished, CancellationToken cancellationToken) =>
        Alone(request.Threads, () => EvaluationRun.Run(request, batchFinished, cancellationToken));

    /// <summary>Scores the features after each block of a pretrained model by a linear probe.</summary>
    /// <param name="request">Model and data.</param>
    /// <param name="alive">Called often: a sign of life.</param>
    /// <param name="cancellationToken">Ends it at the next batch.</param>
    /// <exception cref="TrainingException">Model or data are missing or damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ProbeAnswer Probe(ProbeRequest request, Action alive, CancellationToken cancellationToken) =>
        Alone(request.Threads, () => ProbeRun.Run(request, alive, cancellationToken));

    private static T Alone<T>(int threads, Func<T> work)
    {
        lock (TorchRuntime.Gate)
        {
            try
            {
                TorchRuntime.UseThreads(threads);
                return work();
            }
            catch (ExternalException exception)
            {
                throw TorchRuntime.Translate(exception);
            }
            finally
            {
                FreedMemory.Return();
            }
        }
    }
}
