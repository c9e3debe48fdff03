namespace HyperSearch.Core.Studies;

/// <summary>What the states have in common.</summary>
public static class StudyStates
{
    /// <summary>Whether nothing changes any more.</summary>
    /// <param name="state">A state.</param>
    public static bool IsFinal(this StudyState state) => state >= StudyState.Completed;
}
