namespace HyperSearch.Training.ModelFamilies;

/// <summary>What the optimizer does with a tensor.</summary>
internal enum TensorRole
{
    /// <summary>Trained, with weight decay.</summary>
    Weight,

    /// <summary>Trained, without weight decay: biases and norm parameters.</summary>
    Undecayed,

    /// <summary>Not trained: running statistics.</summary>
    Buffer,
}
