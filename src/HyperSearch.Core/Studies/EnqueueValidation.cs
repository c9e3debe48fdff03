using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Studies;

/// <summary>The outcome of <see cref="EnqueueValidator.Validate"/>: a configuration, or all errors.</summary>
/// <param name="Parameters">The configuration, normalised; null when there are errors.</param>
/// <param name="Errors">All errors; empty when the request is valid.</param>
public sealed record EnqueueValidation(ParameterSet? Parameters, ImmutableArray<ValidationError> Errors);
