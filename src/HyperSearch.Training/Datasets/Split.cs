namespace HyperSearch.Training.Datasets;

/// <summary>A part of a dataset.</summary>
internal enum Split
{
    /// <summary>What is trained on.</summary>
    Train,

    /// <summary>What the search sees.</summary>
    Validation,

    /// <summary>What is opened once, after the search.</summary>
    Test,
}
