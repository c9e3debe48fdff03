using HyperSearch.Core.Hyperparameters;

namespace HyperSearch.Core.Importances;

/// <summary>How much one searched parameter decides whether a trial is among the best.</summary>
/// <param name="Hyperparameter">The parameter.</param>
/// <param name="Importance">Its share, 0 to 1.</param>
public sealed record ParameterImportance(Hyperparameter Hyperparameter, double Importance);
