using System.Collections.Immutable;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>One tensor of a model.</summary>
/// <param name="Name">Its name in weights files.</param>
/// <param name="Block">Its block, counted from the input; the head's is the number of blocks.</param>
/// <param name="Role">What the optimizer does with it.</param>
/// <param name="Shape">Its shape; the first dimension of a weight counts outputs.</param>
/// <param name="Initial">Where it starts without pretrained weights: null draws U(-b, b), b = 1/sqrt(inputs); else that constant.</param>
internal sealed record TensorSpec(string Name, int Block, TensorRole Role, ImmutableArray<long> Shape, double? Initial)
{
    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Elements per output: the inputs of one unit.</summary>
    public long Inputs => Elements / Shape[0];
}
