using HyperSearch.Core.Samplers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>A trial whose metrics and end are drawn, with ties and missing values.</summary>
internal sealed class DrawnCourse(SimulationSettings settings, int number, int epochs, bool revived = false) : ITrialCourse
{
    public int? DivergesAt => Befalls("diverges", settings.Divergence);

    public int? FailsAt => revived ? null : Befalls("fails", settings.Failure);

    public int? FailsOnceAt => Befalls("transient", settings.Transient);

    public int? StopsEarlyAt => settings.Spec.Algorithm.IsMultiFidelity ? null : Befalls("early", settings.EarlyStop);

    public EpochReport Report(int epoch)
    {
        // Few distinct values, so that rungs have ties.
        double loss = Math.Round(Draw("quality"), 1) + Math.Exp(-epoch / 3.0) + (0.2 * Draw("noise", epoch));
        bool missing = Draw("missing") < settings.Missing;
        return new EpochReport
        {
            Epoch = epoch,
            ValLoss = missing ? null : loss,
            ValAccuracy = missing ? null : 1 / (1 + loss),
            TrainValue = loss,
        };
    }

    private double Draw(string what, long epoch = 0) => StableMix.Unit(StableMix.Hash(settings.Seed, what, number, epoch));

    private int? Befalls(string what, double probability) => Draw(what) < probability ? 1 + (int)(Draw(what, 1) * epochs) : null;
}
