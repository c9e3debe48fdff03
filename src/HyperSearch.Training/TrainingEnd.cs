namespace HyperSearch.Training;

/// <summary>Why a segment ended.</summary>
public enum TrainingEnd
{
    /// <summary>It reached its last epoch.</summary>
    Completed,

    /// <summary>A batch's training loss or the validation loss was not finite.</summary>
    Diverged,

    /// <summary>Stopped at a batch boundary; what came after the last checkpoint is discarded.</summary>
    StoppedNow,

    /// <summary>Stopped at an epoch end, with a checkpoint of that epoch.</summary>
    StoppedAtEpoch,

    /// <summary>The objective did not improve for the patience of early stopping; with a checkpoint of that epoch.</summary>
    EarlyStopped,
}
