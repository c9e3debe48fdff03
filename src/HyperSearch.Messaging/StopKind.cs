namespace HyperSearch.Messaging;

/// <summary>How an attempt that may not go on has to end.</summary>
public enum StopKind
{
    /// <summary>At the next batch; nothing is reported any more.</summary>
    StopNow,

    /// <summary>At the next epoch end, with a checkpoint; the segment is given back.</summary>
    FinishEpoch,
}
