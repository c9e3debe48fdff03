using System.Collections.Immutable;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>One tensor of a model.</summary>
/// <param name="Name">Its name in the model, and in weights files of the family's first naming.</param>
/// <param name="Block">Its block, counted from the input; the head's is the number of blocks.</param>
/// <param name="Role">What the optimizer does with it.</param>
/// <param name="Shape">Its shape; the first dimension of a weight counts outputs.</param>
/// <param name="Initial">Where it starts without pretrained weights.</param>
internal sealed record TensorSpec(string Name, int Block, TensorRole Role, ImmutableArray<long> Shape, InitialValue Initial)
{
    /// <summary>Its names in weights files of the family's second naming, third naming, ...; all tensors of a model have as many.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>
    /// For tensors of the head that do not depend on the labels (BERT's pooler): loaded when the file has them, also
    /// where the head is made anew; never missed.
    /// </summary>
    public bool LoadedWhenPresent { get; init; }

    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Its name in weights files of a naming.</summary>
    /// <param name="naming">0 is the family's own.</param>
    public string Stored(int naming) => naming == 0 ? Name : Aliases[naming - 1];
}
