using HyperSearch.Core.Trials;

namespace HyperSearch.Training;

/// <summary>Hears what a training does, on the training's own thread; what it throws ends the training.</summary>
public interface ITrainingObserver
{
    /// <summary>Data and weights are loaded; the first batch follows.</summary>
    /// <param name="facts">How it will be trained.</param>
    void Started(TrainingFacts facts);

    /// <summary>An epoch has ended with finite losses.</summary>
    /// <param name="report">Its metrics.</param>
    void Reported(EpochReport report);

    /// <summary>A checkpoint is durable on disk.</summary>
    /// <param name="checkpoint">Where it lies.</param>
    void CheckpointWritten(CheckpointFolder checkpoint);

    /// <summary>A sign of life after every optimizer step and every batch of an evaluation.</summary>
    void BatchFinished();

    /// <summary>A sign of life before the first batch, while data is decoded or another process does that.</summary>
    void Preparing()
    {
    }

    /// <summary>An epoch's training has ended, before its report: how much of it the model waited for data.</summary>
    /// <param name="epoch">Number of finished epochs, from 1.</param>
    /// <param name="waited">Time without a batch at hand.</param>
    /// <param name="trained">Time of the whole pass over the training split.</param>
    void DataWaited(int epoch, TimeSpan waited, TimeSpan trained)
    {
    }
}
