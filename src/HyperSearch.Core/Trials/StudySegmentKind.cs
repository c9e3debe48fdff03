namespace HyperSearch.Core.Trials;

/// <summary>What a segment that trains nothing does.</summary>
public enum StudySegmentKind
{
    /// <summary>Scores a trained model on the test split.</summary>
    Evaluate,

    /// <summary>Scores the features after each block of the pretrained model.</summary>
    Probe,
}
