using System.Collections.Immutable;

namespace HyperSearch.Core.Studies;

/// <summary>The outcome of <see cref="PatchValidator.Validate"/>: what changes, or all errors.</summary>
/// <param name="Patch">The patch; null when there are errors.</param>
/// <param name="Errors">All errors; empty when the request is valid.</param>
public sealed record PatchValidation(StudyPatch? Patch, ImmutableArray<ValidationError> Errors);
