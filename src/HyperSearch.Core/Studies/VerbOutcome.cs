namespace HyperSearch.Core.Studies;

/// <summary>What a verb did.</summary>
public enum VerbOutcome
{
    /// <summary>It changed the study.</summary>
    Changed,

    /// <summary>The study is already so.</summary>
    Unchanged,

    /// <summary>Impossible from this state.</summary>
    Illegal,
}
