using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Optimization;

/// <summary>SGD with heavy-ball momentum: velocity = momentum * velocity + gradient.</summary>
internal sealed class Sgd(TrainableModel model, ParameterSet parameters, double maxGradNorm)
    : FlatOptimizer(model, parameters, maxGradNorm, moments: parameters.Momentum > 0 ? 1 : 0)
{
    // A pass over all moments now and then costs nothing; it takes hundreds of steps to shrink that far.
    private const int StepsBetweenClearings = 128;

    private readonly double _momentum = parameters.Momentum;

    /// <inheritdoc/>
    protected override void Update(FlatRun run)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        Decay(run);
        torch.Tensor gradients = Part(Model.Gradients, run);
        torch.Tensor direction = _momentum > 0 ? Moment(0, run).mul_(_momentum).add_(gradients) : gradients;
        Part(Model.Parameters, run).add_(direction, -run.Rate);
        if (_momentum > 0 && run.Step % StepsBetweenClearings == 0)
        {
            direction.mul_(direction.abs().ge(LeastMoment));
        }
    }
}
