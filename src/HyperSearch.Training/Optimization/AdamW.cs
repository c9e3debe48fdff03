using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Optimization;

/// <summary>AdamW (Loshchilov and Hutter, 2019) with the usual betas 0.9 and 0.999 and epsilon 1e-8.</summary>
internal sealed class AdamW(TrainableModel model, ParameterSet parameters, double maxGradNorm) : FlatOptimizer(model, parameters, maxGradNorm, moments: 2)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    /// <inheritdoc/>
    protected override void Update(torch.Tensor parameters, torch.Tensor gradients, torch.Tensor[] moments, long step, double rate)
    {
        torch.Tensor mean = moments[0].mul_(Beta1).add_(gradients, 1 - Beta1);
        torch.Tensor square = moments[1].mul_(Beta2).addcmul_(gradients, gradients, 1 - Beta2);
        double meanCorrection = 1 - Math.Pow(Beta1, step);
        double squareCorrection = 1 - Math.Pow(Beta2, step);
        torch.Tensor root = square.sqrt().div_(Math.Sqrt(squareCorrection)).add_(Epsilon);
        parameters.addcdiv_(mean, root, -rate / meanCorrection);
    }
}
