namespace HyperSearch.Core.Hyperparameters;

/// <summary>The optimizers; the order is that of <see cref="HyperparameterCatalog.Optimizer"/>.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW (Loshchilov and Hutter, 2019).</summary>
    AdamW,

    /// <summary>SGD with momentum and decoupled weight decay.</summary>
    Sgd,
}
