using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Optimization;

/// <summary>SGD with heavy-ball momentum: velocity = momentum * velocity + gradient.</summary>
internal sealed class Sgd(TrainableModel model, ParameterSet parameters, double maxGradNorm)
    : FlatOptimizer(model, parameters, maxGradNorm, moments: parameters.Momentum > 0 ? 1 : 0)
{
    private readonly double _momentum = parameters.Momentum;

    /// <inheritdoc/>
    protected override void Update(torch.Tensor parameters, torch.Tensor gradients, torch.Tensor[] moments, long step, double rate)
    {
        torch.Tensor direction = moments is [torch.Tensor velocity] ? velocity.mul_(_momentum).add_(gradients) : gradients;
        parameters.add_(direction, -rate);
    }
}
