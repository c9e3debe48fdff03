using HyperSearch.Core.Samplers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>What a trial would measure in every epoch and how it would end, whoever runs it when.</summary>
internal sealed class Fate(SimulationSettings settings)
{
    public double Draw(string what, long a, long b = 0) => StableMix.Unit(StableMix.Hash(settings.Seed, what, a, b));

    /// <summary>The epoch in which that befalls a trial, or null.</summary>
    public int? Befalls(string what, double probability, int number, int epochs) =>
        Draw(what, number) < probability ? 1 + (int)(Draw(what, number, 1) * epochs) : null;

    public EpochReport Report(int number, int epoch)
    {
        // Few distinct values, so that rungs have ties.
        double loss = Math.Round(Draw("quality", number), 1) + Math.Exp(-epoch / 3.0) + (0.2 * Draw("noise", number, epoch));
        bool missing = Draw("missing", number) < settings.Missing;
        return new EpochReport
        {
            Epoch = epoch,
            ValLoss = missing ? null : loss,
            ValAccuracy = missing ? null : 1 / (1 + loss),
            TrainValue = loss,
            Seconds = 1,
        };
    }
}
