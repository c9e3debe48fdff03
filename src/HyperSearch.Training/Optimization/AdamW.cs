using System.Numerics;
using System.Runtime.InteropServices;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019) with the usual betas 0.9 and 0.999 and epsilon 1e-8. On a processor one pass reads
/// and writes every number once; tensor by tensor operation it would be twenty passes. The result depends neither on the
/// threads nor on the width of the processor's vectors.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="parameters">Decay and the rates' decay by layer.</param>
/// <param name="maxGradNorm">Largest norm of the whole gradient; 0 for no clipping.</param>
/// <param name="onePass">Whether to update in one pass; false for any device and size.</param>
internal sealed class AdamW(TrainableModel model, ParameterSet parameters, double maxGradNorm, bool onePass)
    : FlatOptimizer(model, parameters, maxGradNorm, moments: 2)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    // Against epsilon it is nothing.
    private const float LeastSquare = 1e-36f;

    // What two threads share must be worth waking the second.
    private const long LeastShared = 1 << 19;

    /// <summary>Whether a model can be updated in one pass: it lies in memory, and is no larger than a span.</summary>
    public static bool FitsOnePass(TrainableModel model) =>
        model.Parameters.device_type == DeviceType.CPU && model.Layout.ParameterElements <= int.MaxValue / sizeof(float);

    /// <inheritdoc/>
    protected override void Update(FlatRun run)
    {
        double meanCorrection = 1 - Math.Pow(Beta1, run.Step), squareCorrection = 1 - Math.Pow(Beta2, run.Step);
        Factors factors = new((float)Left(run.Rate), (float)(1 / Math.Sqrt(squareCorrection)), (float)(-run.Rate / meanCorrection));
        if (!onePass)
        {
            UpdateByTensors(run, factors);
            return;
        }

        for (int block = run.First; block <= run.Last; block++)
        {
            BlockRange range = Model.Layout.Ranges[block];
            Share(range.Start, range.UndecayedStart, factors);
            Share(range.UndecayedStart, range.End, factors with { Left = 1 });
        }
    }

    private void UpdateByTensors(FlatRun run, Factors factors)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        Decay(run);
        torch.Tensor gradients = Part(Model.Gradients, run);
        torch.Tensor mean = Moment(0, run).mul_(Beta1).add_(gradients, 1 - Beta1);
        torch.Tensor square = Moment(1, run).mul_(Beta2).addcmul_(gradients, gradients, 1 - Beta2);
        Part(Model.Parameters, run).addcdiv_(mean, square.sqrt().mul_(factors.Root).add_(Epsilon), factors.Step);
    }

    private void Share(long start, long end, Factors factors)
    {
        int threads = end - start < LeastShared ? 1 : torch.get_num_threads();
        if (threads == 1)
        {
            Apply(start, end, factors);
        }
        else
        {
            Share(start, end, factors, threads);
        }
    }

    // By itself, because a lambda costs an allocation where it is declared.
    private void Share(long start, long end, Factors factors, int threads)
    {
        long length = (end - start + threads - 1) / threads;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads },
            i => Apply(start + i * length, Math.Min(end, start + (i + 1) * length), factors));
    }

    private void Apply(long start, long end, Factors factors)
    {
        int from = (int)start, length = (int)(end - start), moment = (int)(start - Start);
        Apply(Floats(Model.Parameters, from, length), Floats(Model.Gradients, from, length), Floats(Moment(0), moment, length), Floats(Moment(1), moment, length), factors);
    }

    private static Span<float> Floats(torch.Tensor flat, int from, int length) => MemoryMarshal.Cast<byte, float>(flat.bytes).Slice(from, length);

    private static void Apply(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, Factors factors)
    {
        int whole = parameters.Length - parameters.Length % Vector<float>.Count;
        Span<Vector<float>> p = Vectors(parameters, whole), m = Vectors(means, whole), v = Vectors(squares, whole);
        ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradients[..whole]);
        for (int i = 0; i < p.Length; i++)
        {
            m[i] = Kept((float)Beta1 * m[i] + (float)(1 - Beta1) * g[i], LeastMoment);
            v[i] = Kept((float)Beta2 * v[i] + (float)(1 - Beta2) * g[i] * g[i], LeastSquare);
            p[i] = factors.Left * p[i] + factors.Step * m[i] / (factors.Root * Vector.SquareRoot(v[i]) + new Vector<float>((float)Epsilon));
        }

        for (int i = whole; i < parameters.Length; i++)
        {
            means[i] = Kept((float)Beta1 * means[i] + (float)(1 - Beta1) * gradients[i], LeastMoment);
            squares[i] = Kept((float)Beta2 * squares[i] + (float)(1 - Beta2) * gradients[i] * gradients[i], LeastSquare);
            parameters[i] = factors.Left * parameters[i] + factors.Step * means[i] / (factors.Root * MathF.Sqrt(squares[i]) + (float)Epsilon);
        }
    }

    private static Vector<float> Kept(Vector<float> moment, float least) =>
        Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(moment), new Vector<float>(least)), Vector<float>.Zero, moment);

    private static float Kept(float moment, float least) => MathF.Abs(moment) < least ? 0 : moment;

    private static Span<Vector<float>> Vectors(Span<float> numbers, int whole) => MemoryMarshal.Cast<float, Vector<float>>(numbers[..whole]);

    /// <summary>What a step multiplies with.</summary>
    /// <param name="Left">What decay leaves of a weight.</param>
    /// <param name="Root">On the root of the second moment, for its bias.</param>
    /// <param name="Step">On the direction: the rate, for the bias of the first moment and downwards.</param>
    private readonly record struct Factors(float Left, float Root, float Step);
}
