namespace HyperSearch.Training;

/// <summary>What a generator is for; each purpose has its own, so that one never moves another.</summary>
internal enum SeedPurpose
{
    /// <summary>Initial weights of the blocks, without pretrained ones.</summary>
    Weights = 1,

    /// <summary>Initial weights of a new head.</summary>
    Head = 2,

    /// <summary>Order of the examples in an epoch.</summary>
    Order = 3,

    /// <summary>Augmentation in an epoch.</summary>
    Augmentation = 4,

    /// <summary>Dropout in an epoch.</summary>
    Dropout = 5,

    /// <summary>The validation split that is cut from the training split.</summary>
    Split = 6,

    /// <summary>The training examples that are kept when fewer are asked for.</summary>
    Subset = 7,

    /// <summary>The training examples on which the train value is measured.</summary>
    TrainSample = 8,

    /// <summary>The bootstrap of a standard error.</summary>
    Bootstrap = 9,

    /// <summary>The training examples of a similarity probe, and those of them that are held out.</summary>
    Probe = 10,
}
