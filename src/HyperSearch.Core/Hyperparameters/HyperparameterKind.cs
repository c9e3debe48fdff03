namespace HyperSearch.Core.Hyperparameters;

/// <summary>The type of a hyperparameter's values.</summary>
public enum HyperparameterKind
{
    /// <summary>A finite double.</summary>
    Real,

    /// <summary>A whole number; 16 and 16.0 are the same.</summary>
    Whole,

    /// <summary>One of a fixed list of names.</summary>
    Choice,
}
