using System.Collections.Immutable;
using HyperSearch.Training.ModelFamilies.Convolutions;

namespace HyperSearch.Training.ModelFamilies.Resnet;

/// <summary>Convolutions with a ReLU between them, added to what came in.</summary>
/// <param name="Path">The convolutions in their order.</param>
/// <param name="Shortcut">What came in goes through it; null where the shapes are equal.</param>
internal sealed record ResidualUnit(ImmutableArray<ConvolutionPlan> Path, ConvolutionPlan? Shortcut)
{
    /// <summary>All its tensors.</summary>
    public IEnumerable<TensorSpec> Tensors() => Path.Concat(Shortcut is null ? [] : [Shortcut]).SelectMany(c => c.Tensors());
}
