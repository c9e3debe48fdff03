using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.ModelFamilies.Synthetic;

/// <summary>
/// The learning curve of one synthetic trial: a formula of its parameters, plus noise, failure and divergence that are
/// drawn from the study's seed, the trial's number and its training seed. Nothing depends on where the trial is cut.
/// </summary>
public sealed class SyntheticCurve
{
    private enum Purpose
    {
        Noise,
        Fails,
        FailsAt,
        Diverges,
        DivergesAt,
    }

    private readonly ParameterSet _parameters;
    private readonly SyntheticOptions _options;
    private readonly long _studySeed;
    private readonly int _number;
    private readonly long _trainingSeed;

    /// <summary>The curve of one trial.</summary>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="options">Noise, crossing and the rates of failure and divergence.</param>
    /// <param name="studySeed">The study's seed.</param>
    /// <param name="number">The trial's number.</param>
    /// <param name="trainingSeed">Its training seed.</param>
    public SyntheticCurve(ParameterSet parameters, SyntheticOptions options, long studySeed, int number, long trainingSeed)
    {
        _parameters = parameters;
        _options = options;
        _studySeed = studySeed;
        _number = number;
        _trainingSeed = trainingSeed;
        FailsAt = EpochOf(options.FailureRate, Purpose.Fails, Purpose.FailsAt);
        DivergesAt = EpochOf(options.DivergenceRate, Purpose.Diverges, Purpose.DivergesAt);
    }

    /// <summary>The epoch, from 1, in which the trial fails; null when it does not.</summary>
    public int? FailsAt { get; }

    /// <summary>The epoch, from 1, in which its loss is not finite; null when it does not diverge. A failure in the same epoch comes first.</summary>
    public int? DivergesAt { get; }

    /// <summary>The validation loss after that many finished epochs, from 1; noise does not take it below 0.</summary>
    /// <param name="epoch">Finished epochs.</param>
    public double Loss(int epoch)
    {
        double rate = Math.Log10(_parameters.LearningRate) + 3.2;
        double dropout = _parameters.Dropout - 0.15;
        double tau = Math.Clamp(6 * (1 + (_options.Crossing * (-Math.Log10(_parameters.LearningRate) - 1))), 2, 60);
        double loss = (rate * rate * 0.08) + (dropout * dropout * 0.5) + (0.6 * Math.Exp(-epoch / tau));
        return _options.Noise == 0
            ? loss
            : Math.Max(0, loss + (_options.Noise * SeededDraws.Normal(_studySeed, _number, _trainingSeed, (long)Purpose.Noise, epoch)));
    }

    /// <summary>The metrics after that many finished epochs: an accuracy of 1 / (1 + loss), and the same on training examples.</summary>
    /// <param name="epoch">Finished epochs, from 1.</param>
    /// <param name="objective">What the trial is compared by.</param>
    public EpochReport Report(int epoch, Objective objective)
    {
        double loss = Loss(epoch);
        EpochReport report = new() { Epoch = epoch, ValLoss = loss, ValAccuracy = 1 / (1 + loss), FitLoss = loss };
        return report with { TrainValue = objective.Of(report) };
    }

    /// <summary>The epoch, before the last one, after which early stopping ends the trial; null when it does not.</summary>
    /// <param name="objective">What the trial is compared by.</param>
    /// <param name="patience">Epochs without improvement; 0 = off.</param>
    public int? StopsEarlyAt(Objective objective, int patience)
    {
        double? best = null;
        int bestEpoch = 0;
        for (int epoch = 1; patience > 0 && epoch < _parameters.Epochs; epoch++)
        {
            if (objective.Of(Report(epoch, objective)) is { } value && (best is not { } b || objective.IsBetter(value, b)))
            {
                (best, bestEpoch) = (value, epoch);
            }

            if (epoch - bestEpoch >= patience)
            {
                return epoch;
            }
        }

        return null;
    }

    private int? EpochOf(double probability, Purpose whether, Purpose when) => Draw(whether) < probability
        ? 1 + (int)(Draw(when) * _parameters.Epochs)
        : null;

    private double Draw(Purpose purpose) => SeededDraws.Uniform(_studySeed, _number, _trainingSeed, (long)purpose);
}
