namespace HyperSearch.Core.Trials;

/// <summary>What the states have in common.</summary>
public static class TrialStates
{
    /// <summary>Whether nothing changes any more.</summary>
    /// <param name="state">A state.</param>
    public static bool IsFinal(this TrialState state) => state >= TrialState.Completed;

    /// <summary>Whether a worker has it.</summary>
    /// <param name="state">A state.</param>
    public static bool IsAssigned(this TrialState state) => state is TrialState.Dispatched or TrialState.Running;
}
