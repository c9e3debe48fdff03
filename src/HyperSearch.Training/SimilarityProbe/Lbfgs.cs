using TorchSharp;

namespace HyperSearch.Training.SimilarityProbe;

/// <summary>
/// Limited-memory BFGS for smooth convex functions: the two-loop recursion of Nocedal and Wright (Numerical optimization,
/// 2nd edition, 2006, algorithm 7.4) with the scaling of equation 7.20 and a backtracking line search (algorithm 3.1).
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const int MostIterations = 500;
    private const int MostHalvings = 40;

    // Sufficient decrease, equation 3.4.
    private const double Decrease = 1e-4;

    // Largest absolute component of the gradient at the end.
    private const double Tolerance = 1e-6;

    /// <summary>The minimum, or as near as it comes in 500 iterations.</summary>
    /// <param name="evaluate">Value and gradient at a point.</param>
    /// <param name="start">Where to begin; stays as it is.</param>
    /// <param name="alive">Called in every iteration; may throw to end it.</param>
    public static torch.Tensor Minimize(Func<torch.Tensor, (double Value, torch.Tensor Gradient)> evaluate, torch.Tensor start, Action alive)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LinkedList<(torch.Tensor Step, torch.Tensor Change, double Curvature)> history = [];
        torch.Tensor x = start.clone();
        (double value, torch.Tensor gradient) = evaluate(x);
        for (int i = 0; i < MostIterations && gradient.abs().max().item<double>() > Tolerance; i++)
        {
            alive();
            torch.Tensor direction = Direction(gradient, history);
            if (Search(evaluate, x, value, gradient, direction) is not { } next)
            {
                // Nothing lower is left but for rounding.
                break;
            }

            Remember(history, next.X - x, next.Gradient - gradient);
            Dispose(direction, x, gradient);
            (x, value, gradient) = next;
        }

        return x.MoveToOuterDisposeScope();
    }

    private static torch.Tensor Direction(torch.Tensor gradient, LinkedList<(torch.Tensor Step, torch.Tensor Change, double Curvature)> history)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor q = -gradient;
        Stack<double> shares = [];
        for (var pair = history.Last; pair is not null; pair = pair.Previous)
        {
            double share = Dot(pair.Value.Step, q) / pair.Value.Curvature;
            shares.Push(share);
            q.add_(pair.Value.Change, alpha: -share);
        }

        if (history.Last is { Value: var last })
        {
            q.mul_(last.Curvature / Dot(last.Change, last.Change));
        }

        foreach (var (step, change, curvature) in history)
        {
            q.add_(step, alpha: shares.Pop() - (Dot(change, q) / curvature));
        }

        return q.MoveToOuterDisposeScope();
    }

    private static (torch.Tensor X, double Value, torch.Tensor Gradient)? Search(
        Func<torch.Tensor, (double Value, torch.Tensor Gradient)> evaluate, torch.Tensor x, double value, torch.Tensor gradient, torch.Tensor direction)
    {
        double slope = Dot(gradient, direction), length = 1;
        for (int i = 0; i < MostHalvings; i++, length /= 2)
        {
            torch.Tensor next = x.add(direction, alpha: length);
            (double reached, torch.Tensor there) = evaluate(next);
            if (reached <= value + (Decrease * length * slope))
            {
                return (next, reached, there);
            }

            Dispose(next, there);
        }

        return null;
    }

    private static void Remember(LinkedList<(torch.Tensor Step, torch.Tensor Change, double Curvature)> history, torch.Tensor step, torch.Tensor change)
    {
        double curvature = Dot(step, change);
        if (curvature <= double.Epsilon)
        {
            Dispose(step, change);
            return;
        }

        history.AddLast((step, change, curvature));
        if (history.Count > Memory)
        {
            Dispose(history.First!.Value.Step, history.First.Value.Change);
            history.RemoveFirst();
        }
    }

    private static double Dot(torch.Tensor a, torch.Tensor b)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return a.mul(b).sum().item<double>();
    }

    private static void Dispose(params ReadOnlySpan<torch.Tensor> tensors)
    {
        foreach (torch.Tensor tensor in tensors)
        {
            tensor.Dispose();
        }
    }
}
