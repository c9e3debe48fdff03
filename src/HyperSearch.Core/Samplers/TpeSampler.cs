using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Samplers;

/// <summary>
/// Tree-structured Parzen estimator (Bergstra et al., NIPS 2011) as Optuna's TPESampler with multivariate=True and
/// constant_liar=True: the candidate with the largest ratio between the Parzen estimators of the good observations and of the
/// bad ones. Candidates are drawn from the good ones' estimator; those that a trial has are passed over. Before 10 trials
/// have finished or paused, random's proposals.
/// </summary>
/// <remarks>
/// Where it differs: observations come in the order of arrival and at most 1,000 of them; a trial without a finite value is
/// never good; a parameter without meaning beside the others says nothing (its kernel is the prior's, and candidates are
/// compared without it), where Optuna leaves out the whole observation; so does an enqueued value outside the space.
/// </remarks>
public sealed class TpeSampler : ISampler
{
    private const int StartUpTrials = 10;
    private const int Candidates = 24;
    private const int Redraws = 100;

    private readonly long _seed;
    private readonly CellSpace _cells;
    private readonly RandomSampler _random;
    private readonly IndependentDraws _draws;
    private readonly Lock _lock = new();
    private readonly TpeObservations _observations;
    private readonly ParzenEstimator _good;
    private readonly ParzenEstimator _bad;
    private readonly double[] _drawn;

    /// <summary>TPE in a space.</summary>
    /// <param name="space">The space; counts of its ranges have no meaning.</param>
    /// <param name="seed">The study's seed.</param>
    public TpeSampler(SearchSpace space, long seed)
    {
        _seed = seed;
        _cells = CellSpace.OfRandom(space);
        _random = new(space, seed);
        _draws = new(_cells, seed);
        _observations = new(_cells);
        _good = new(_cells.Axes);
        _bad = new(_cells.Axes);
        _drawn = new double[_cells.Axes.Length];
    }

    /// <inheritdoc/>
    public bool Learns => true;

    /// <inheritdoc/>
    public Proposal Propose(int number, TrialHistory history)
    {
        history.RequireSampled(number);
        if (history.Finished < StartUpTrials)
        {
            ParameterSet random = _random.Propose(number, history).Parameters;
            return new(history.IsUsed(random, number) ? Unused(number, history) : random, null);
        }

        lock (_lock)
        {
            return new(Model(number, history) ?? Unused(number, history), null);
        }
    }

    /// <inheritdoc/>
    public bool Contains(ParameterSet parameters) => _cells.CellOf(parameters) is not null;

    private ParameterSet? Model(int number, TrialHistory history)
    {
        _observations.Split(history);
        _good.Fit(_observations.Good);
        _bad.Fit(_observations.Bad);
        for (int draw = 0; draw <= Redraws; draw++)
        {
            if (BestCandidate(number, draw, history) is { } best)
            {
                return best;
            }
        }

        return null;
    }

    private ParameterSet? BestCandidate(int number, int draw, TrialHistory history)
    {
        ulong key = StableMix.Hash(_seed, "tpe", number, draw);
        ParameterSet? best = null;
        double most = double.NegativeInfinity;
        for (int candidate = 0; candidate < Candidates; candidate++)
        {
            _good.Draw(StableMix.Fold(key, (ulong)candidate), _drawn);
            ParameterSet set = _cells.Of(i => _cells.Axes[i].FromUnit(_drawn[i]));
            if (history.IsUsed(set, number))
            {
                continue;
            }

            double[] point = _cells.ToUnit(set);
            double score = _good.LogHeight(point) - _bad.LogHeight(point);
            if (best is null || score > most)
            {
                (best, most) = (set, score);
            }
        }

        return best;
    }

    private ParameterSet Unused(int number, TrialHistory history) =>
        _draws.At(number, _draws.Unused(number, 1, fingerprint => history.IsUsed(fingerprint, number)).Choice);
}
