namespace HyperSearch.Core.Studies;

/// <summary>What a user can do to a whole study.</summary>
public enum StudyVerb
{
    /// <summary>Nothing is assigned; running trials stop at the next epoch end.</summary>
    Pause,

    /// <summary>Goes on after a pause.</summary>
    Resume,

    /// <summary>Running segments finish, nothing is promoted.</summary>
    Stop,

    /// <summary>Everything ends at once.</summary>
    Cancel,
}
