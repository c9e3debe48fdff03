namespace HyperSearch.Core.SearchSpaces;

/// <summary>A dependency between two axes of a space.</summary>
/// <param name="Dependent">Index of the axis that loses its meaning.</param>
/// <param name="Gate">Index of the axis that decides.</param>
/// <param name="Off">The gate's value without meaning for the dependent.</param>
internal sealed record CellGate(int Dependent, int Gate, double Off);
