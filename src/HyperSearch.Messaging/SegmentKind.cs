namespace HyperSearch.Messaging;

/// <summary>What a segment does.</summary>
public enum SegmentKind
{
    /// <summary>Trains a trial from one epoch to another.</summary>
    Train,

    /// <summary>Scores a trained model on the test split.</summary>
    Evaluate,

    /// <summary>Scores the features after each block of the pretrained model.</summary>
    Probe,
}
