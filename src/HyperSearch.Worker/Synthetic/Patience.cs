using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Worker.Synthetic;

/// <summary>Early stopping. A resumed trial knows its past from the formula.</summary>
internal sealed class Patience
{
    private readonly StudySpec _spec;
    private readonly SyntheticCurve _curve;
    private double? _best;
    private int _bestEpoch;

    public Patience(StudySpec spec, SyntheticCurve curve, int fromEpoch)
    {
        _spec = spec;
        _curve = curve;
        for (int epoch = 1; epoch <= fromEpoch; epoch++)
        {
            _ = IsExhausted(epoch);
        }
    }

    /// <summary>Whether the trial has gone so long without a better epoch; called once for every epoch, in order.</summary>
    public bool IsExhausted(int epoch)
    {
        if (_spec.EarlyStoppingPatience == 0)
        {
            return false;
        }

        double loss = _curve.Loss(epoch);
        double? value = _spec.Objective.Of(new EpochReport { Epoch = epoch, ValLoss = loss, ValAccuracy = 1 / (1 + loss) });
        if (value is { } v && (_best is not { } best || _spec.Objective.IsBetter(v, best)))
        {
            _best = v;
            _bestEpoch = epoch;
        }

        return epoch - _bestEpoch >= _spec.EarlyStoppingPatience;
    }
}
