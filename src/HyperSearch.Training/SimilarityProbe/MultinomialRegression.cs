using TorchSharp;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>
/// Multinomial logistic regression with an L2 penalty on all weights but the biases: the minimum over W of
/// mean(-log softmax(x W)[y]) + penalty / 2 * |W without biases|^2, which is convex. Solved on all examples at once in float64, so
/// that the result depends on nothing but the data; a stochastic solver would add its own noise to the scores.
/// </summary>
/// <param name="features">Float64 [n, width + 1]; the last column is one and its weights are the biases.</param>
/// <param name="labels">Class of each row, int64 [n].</param>
/// <param name="classes">Number of classes.</param>
/// <param name="alive">Called in every iteration; may throw to end it.</param>
internal sealed class MultinomialRegression(torch.Tensor features, torch.Tensor labels, long classes, Action alive)
{
    private readonly torch.Tensor _targets = torch.nn.functional.one_hot(labels, classes).to(torch.ScalarType.Float64);

    /// <summary>The weights [width + 1, classes] of the minimum.</summary>
    /// <param name="penalty">More than 0.</param>
    /// <param name="start">Where to begin; null for zeros.</param>
    public torch.Tensor Fit(double penalty, torch.Tensor? start) =>
        Lbfgs.Minimize(weights => Evaluate(weights, penalty), start ?? torch.zeros(features.shape[1], classes, torch.ScalarType.Float64), alive);

    /// <summary>Mean cross-entropy of the rows.</summary>
    public double Loss(torch.Tensor weights)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return CrossEntropy(features.mm(weights).log_softmax(1));
    }

    /// <summary>What is minimised, and its gradient: X^T (softmax(X W) - Y) / n + penalty * W without biases (Bishop: Pattern recognition and machine learning, 2006, equation 4.109).</summary>
    public (double Value, torch.Tensor Gradient) Evaluate(torch.Tensor weights, double penalty)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor logs = features.mm(weights).log_softmax(1);
        torch.Tensor penalized = weights.clone();
        penalized[-1].zero_();
        torch.Tensor gradient = features.t().mm((logs.exp() - _targets) / features.shape[0]) + penalty * penalized;
        return (CrossEntropy(logs) + (penalty / 2 * penalized.square().sum().item<double>()), gradient.MoveToOuterDisposeScope());
    }

    private double CrossEntropy(torch.Tensor logs) => -(logs * _targets).sum().item<double>() / features.shape[0];
}
