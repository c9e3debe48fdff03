using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Leaderboards;

/// <summary>What a study by <c>one_at_a_time</c> has found: the effect of each parameter.</summary>
public static class ParameterEffects
{
    /// <summary>The effect of every searched parameter, in declared order.</summary>
    /// <param name="spec">A study in which every float range has a count or a step.</param>
    /// <param name="trials">Its searched trials, each with its value if it is completed.</param>
    public static ImmutableArray<ParameterEffect> Of(StudySpec spec, IEnumerable<(int Number, ParameterSet Parameters, double? Value)> trials)
    {
        Dictionary<ParameterSet, (int Number, double? Value)> found = trials.ToDictionary(t => t.Parameters, t => (t.Number, t.Value));
        return [.. spec.Space.Domains.Select(d => Of(d, spec, found))];
    }

    private static ParameterEffect Of(ParameterDomain domain, StudySpec spec, Dictionary<ParameterSet, (int Number, double? Value)> found)
    {
        ParameterSet defaults = spec.Space.Constants;
        double own = defaults[domain.Hyperparameter]!.Value;
        double? baseline = found.GetValueOrDefault(defaults.Normalize()).Value;
        ParameterAxis axis = ParameterAxes.OfGrid(domain);
        List<double> points = [.. Enumerable.Range(0, (int)axis.Count!.Value).Select(i => axis.At(i))];
        ImmutableArray<EffectOfValue> values =
        [
            .. (points.Contains(own) ? points : points.Prepend(own)).Select(point =>
                found.TryGetValue(defaults.With(domain.Hyperparameter, point).Normalize(), out (int Number, double? Value) trial)
                    ? new EffectOfValue(point, trial.Number, trial.Value, Delta(trial.Value, baseline, spec.Objective))
                    : new EffectOfValue(point, null, null, null)),
        ];
        double[] metrics = [.. values.Select(v => v.Metric).OfType<double>()];
        return new(domain.Hyperparameter, values, metrics.Length > 1 ? metrics.Max() - metrics.Min() : null);
    }

    private static double? Delta(double? value, double? baseline, Objective objective) =>
        value is { } v && baseline is { } b ? objective.Loss(b) - objective.Loss(v) : null;
}
