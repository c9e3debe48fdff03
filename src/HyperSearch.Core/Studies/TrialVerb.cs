namespace HyperSearch.Core.Studies;

/// <summary>What a user may ask of one trial.</summary>
public enum TrialVerb
{
    /// <summary>End it, whatever it does.</summary>
    Cancel,

    /// <summary>Try a failed trial again, from its last checkpoint.</summary>
    Retry,
}
