using HyperSearch.Core.Trials;

namespace HyperSearch.Training;

/// <summary>A training that cannot go on, with the kind of failure that the trial gets. Divergence is not one.</summary>
/// <param name="kind">What went wrong; <see cref="FailureKind.DatasetError"/> for missing or damaged data and weights.</param>
/// <param name="message">One sentence for people; names the file where there is one.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class TrainingException(FailureKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of failure of the trial.</summary>
    public FailureKind Kind { get; } = kind;
}
