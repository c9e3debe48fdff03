using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.ModelFamilies.Synthetic;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Simulation;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Quality;

/// <summary>Learning curves whose best value is known, on which algorithms are compared by validation loss at its best epoch.</summary>
internal sealed record QualityProblem
{
    /// <summary>The synthetic formula with noise 0.02 and crossing 0.5 over its default space, 27 epochs.</summary>
    public static QualityProblem Synthetic { get; } = OfFormula(new() { Noise = 0.02, Crossing = 0.5 });

    /// <summary>The surrogate of the measured learning curves, 9 epochs, without noise.</summary>
    public static QualityProblem Table { get; } = OfTable(LearningCurveTable.Instance);

    public static ImmutableArray<QualityProblem> All { get; } = [Synthetic, Table];

    public required string Name { get; init; }

    public required StudyModel Model { get; init; }

    public required SearchSpace Space { get; init; }

    /// <summary>The loss that a trial of a study reports after an epoch, from 1.</summary>
    public required Func<StudySpec, Trial, Func<int, double>> Curve { get; init; }

    /// <summary>What is to be minimised: the smallest loss of any epoch, without noise.</summary>
    public required Func<ParameterSet, double> TrueLoss { get; init; }

    /// <summary>The smallest <see cref="TrueLoss"/> in the space.</summary>
    public required double Best { get; init; }

    /// <summary>R.</summary>
    public int Epochs => Space.Constants.Epochs;

    private static QualityProblem OfFormula(SyntheticOptions noisy)
    {
        const int epochs = 27;
        SearchSpace space = new()
        {
            Domains = ModelFamilyCatalog.Synthetic.DefaultSpace(multiFidelity: true),
            Constants = ModelFamilyCatalog.Synthetic.Defaults.With(HyperparameterCatalog.Epochs, epochs),
        };
        // Without noise the last epoch is the best one.
        double Last(ParameterSet parameters) => new SyntheticCurve(parameters, noisy with { Noise = 0 }, 0, 0, 0).Loss(epochs);
        ParameterSet dropout = space.Constants.With(HyperparameterCatalog.Dropout, 0.15);
        return new()
        {
            Name = "synthetic",
            Model = new() { Family = ModelFamilyCatalog.Synthetic, Synthetic = noisy },
            Space = space,
            Curve = (spec, trial) => new SyntheticCurve(trial.Parameters, noisy, spec.Seed, trial.Number, trial.Seed).Loss,
            TrueLoss = Last,
            // The best dropout is the same at every rate; the best rate is looked for on a fine grid from 1e-4 to 1e-1.
            Best = Enumerable.Range(0, 3_001).Min(i => Last(dropout.With(HyperparameterCatalog.LearningRate, Math.Pow(10, (i / 1e3) - 4)))),
        };
    }

    private static QualityProblem OfTable(LearningCurveTable table)
    {
        double Smallest(ParameterSet parameters) => table.Curve(parameters).Min();
        return new()
        {
            Name = "table",
            Model = new() { Family = ModelFamilyCatalog.Convnet },
            Space = table.Space,
            Curve = (_, trial) => LossesOf(table.Curve(trial.Parameters)),
            TrueLoss = Smallest,
            // A weighted mean of measured curves is nowhere below all of them.
            Best = table.Configurations.Min(Smallest),
        };
    }

    private static Func<int, double> LossesOf(double[] curve) => epoch => curve[epoch - 1];
}
