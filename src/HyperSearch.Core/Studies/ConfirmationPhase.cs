namespace HyperSearch.Core.Studies;

/// <summary>Where a study's confirmation stands.</summary>
public enum ConfirmationPhase
{
    /// <summary>The search is not over, or there is no confirmation.</summary>
    None,

    /// <summary>The candidates are being looked up.</summary>
    Choosing,

    /// <summary>The candidates run again.</summary>
    Running,

    /// <summary>The values of the runs are being looked up.</summary>
    Ranking,

    /// <summary>It is over.</summary>
    Done,
}
