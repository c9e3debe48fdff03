using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>The outcome of a validation: a study, or all errors.</summary>
/// <param name="Spec">The study with every default resolved; null when there are errors.</param>
/// <param name="Errors">All errors; empty when the request is valid.</param>
/// <param name="Warnings">What is worth a second look; only complete without errors.</param>
public sealed record StudyValidation(StudySpec? Spec, ImmutableArray<ValidationError> Errors, ImmutableArray<ValidationWarning> Warnings);
