namespace HyperSearch.Core.Hyperparameters;

/// <summary>The six shapes of the learning rate; the order is that of <see cref="HyperparameterCatalog.LrSchedule"/>.</summary>
public enum LearningRateScheduleKind
{
    /// <summary>Factor 1.</summary>
    Constant,

    /// <summary>1 - p.</summary>
    Linear,

    /// <summary>(1 + cos(pi p)) / 2 (Loshchilov and Hutter, 2017, without restarts).</summary>
    Cosine,

    /// <summary>0.1^floor(3p).</summary>
    Step,

    /// <summary>0.01^p.</summary>
    Exponential,

    /// <summary>Up to the peak over 30 % of the steps, then down to 1/250,000 (Smith and Topin, 2017).</summary>
    OneCycle,
}
