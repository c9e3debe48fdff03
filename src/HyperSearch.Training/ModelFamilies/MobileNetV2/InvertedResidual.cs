using System.Collections.Immutable;
using HyperSearch.Training.ModelFamilies.Convolutions;

namespace HyperSearch.Training.ModelFamilies.MobileNetV2;

/// <summary>Expansion 1x1 (not in the first), depthwise 3x3, both with ReLU6, and a linear projection 1x1.</summary>
/// <param name="Path">The convolutions in their order.</param>
/// <param name="Residual">Whether what came in is added.</param>
internal sealed record InvertedResidual(ImmutableArray<ConvolutionPlan> Path, bool Residual);
