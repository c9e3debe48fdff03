namespace HyperSearch.Core.Schedulers;

/// <summary>What happens to one ordered result.</summary>
public enum StandingChangeKind
{
    /// <summary>It is new.</summary>
    Insert,

    /// <summary>It no longer counts.</summary>
    Remove,

    /// <summary>Its trial went on, so it is no longer open.</summary>
    Take,
}
