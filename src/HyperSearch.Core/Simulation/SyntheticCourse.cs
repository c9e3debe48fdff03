using HyperSearch.Core.ModelFamilies.Synthetic;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>A trial of the synthetic family: what a worker would measure.</summary>
internal sealed class SyntheticCourse : ITrialCourse
{
    private readonly SyntheticCurve _curve;
    private readonly Objective _objective;

    public SyntheticCourse(StudySpec spec, Trial trial)
    {
        _curve = new SyntheticCurve(trial.Parameters, spec.Model.Synthetic ?? new(), spec.Seed, trial.Number, trial.Seed);
        _objective = spec.Objective;
        StopsEarlyAt = _curve.StopsEarlyAt(_objective, spec.EarlyStoppingPatience);
    }

    public int? DivergesAt => _curve.DivergesAt;

    public int? FailsAt => _curve.FailsAt;

    public int? StopsEarlyAt { get; }

    public EpochReport Report(int epoch) => _curve.Report(epoch, _objective);
}
