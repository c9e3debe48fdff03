namespace HyperSearch.Core.Hyperparameters;

/// <summary>
/// The factor on the peak learning rate at every optimizer step. It depends on the step and the whole horizon alone,
/// so a trial that is cut into segments sees the same sequence as an uncut one.
/// </summary>
public sealed class LearningRateSchedule
{
    private readonly LearningRateScheduleKind _kind;
    private readonly long _warmupSteps;

    /// <summary>A schedule over a fixed number of steps.</summary>
    /// <param name="kind">The shape.</param>
    /// <param name="totalSteps">T: all optimizer steps of the trial's full epochs, at least 1.</param>
    /// <param name="warmupRatio">Share of T that warms up linearly, in [0, 1); ignored by one_cycle.</param>
    /// <exception cref="ArgumentOutOfRangeException">T below 1, or a ratio outside [0, 1).</exception>
    public LearningRateSchedule(LearningRateScheduleKind kind, long totalSteps, double warmupRatio = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        if (!(warmupRatio >= 0 && warmupRatio < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(warmupRatio), warmupRatio, "The warm-up ratio is in [0, 1).");
        }

        _kind = kind;
        TotalSteps = totalSteps;
        double warmup = kind == LearningRateScheduleKind.OneCycle ? 0.3 : warmupRatio;
        _warmupSteps = (long)Math.Round(warmup * totalSteps, MidpointRounding.AwayFromZero);
        if (kind == LearningRateScheduleKind.OneCycle)
        {
            _warmupSteps = Math.Max(1, _warmupSteps);
        }
    }

    /// <summary>T: all optimizer steps over the full horizon.</summary>
    public long TotalSteps { get; }

    /// <summary>
    /// Optimizer steps per epoch: ceil(n / batch), less one where a single last example joins the batch before it
    /// because the family has batch norm.
    /// </summary>
    /// <param name="examples">n: examples of the training split.</param>
    /// <param name="batchSize">Examples per optimizer step.</param>
    /// <param name="hasBatchNorm">Whether the family has batch norm, frozen or not.</param>
    public static int StepsPerEpoch(int examples, int batchSize, bool hasBatchNorm)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        int steps = (int)(((long)examples + batchSize - 1) / batchSize);
        bool single = hasBatchNorm && batchSize > 1 && examples > batchSize && examples % batchSize == 1;
        return single ? steps - 1 : steps;
    }

    /// <summary>The factor on the peak rate at a step.</summary>
    /// <param name="step">s, from 0 to T - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A step outside the horizon.</exception>
    public double Factor(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, TotalSteps);
        if (_kind == LearningRateScheduleKind.OneCycle)
        {
            return OneCycle(step);
        }

        if (step < _warmupSteps)
        {
            return (step + 1) / (double)_warmupSteps;
        }

        double p = (step - _warmupSteps) / (double)(TotalSteps - _warmupSteps);
        return _kind switch
        {
            LearningRateScheduleKind.Constant => 1,
            LearningRateScheduleKind.Linear => 1 - p,
            LearningRateScheduleKind.Cosine => (1 + Math.Cos(Math.PI * p)) / 2,
            // In integers: 3p can round below a whole number.
            LearningRateScheduleKind.Step => Math.Pow(0.1, 3 * (step - _warmupSteps) / (TotalSteps - _warmupSteps)),
            LearningRateScheduleKind.Exponential => Math.Pow(0.01, p),
            _ => throw new InvalidOperationException($"Unknown schedule {_kind}."),
        };
    }

    private double OneCycle(long step)
    {
        const double start = 1.0 / 25;
        const double end = 1.0 / 250_000;
        if (step < _warmupSteps)
        {
            return start + (1 - start) * (1 - Math.Cos(Math.PI * step / _warmupSteps)) / 2;
        }

        double q = (step - _warmupSteps) / (double)(TotalSteps - _warmupSteps);
        return end + (1 - end) * (1 + Math.Cos(Math.PI * q)) / 2;
    }
}
