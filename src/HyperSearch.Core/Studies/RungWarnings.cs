using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>Warns of first rungs that compare trials before they show what they are.</summary>
internal sealed class RungWarnings(Findings findings, SearchSpace space, int minEpochs, int maxEpochs, string pointer)
{
    // 0.1 * 30 is a little above 3 in binary.
    private const double Tolerance = 1e-9;

    public void Add()
    {
        int peak = PeakEpochs();
        if (peak > minEpochs)
        {
            Warn(WarningCode.RungBeforePeak, $"The first rung at {minEpochs} epochs compares trials before their learning rate has reached its peak; the smallest min_epochs that avoids this is {peak}.");
        }

        int thaw = Largest(HyperparameterCatalog.FrozenBlocks) > 0 ? (int)Largest(HyperparameterCatalog.UnfreezeEvery) : 0;
        if (thaw >= minEpochs)
        {
            Warn(WarningCode.RungBeforeThaw, thaw < maxEpochs
                ? (FormattableString)$"The first rung at {minEpochs} epochs compares trials before their first block has thawed; the smallest min_epochs that avoids this is {thaw + 1}."
                : $"With unfreeze_every {thaw} no block thaws within {maxEpochs} epochs; no min_epochs avoids this, so lower unfreeze_every.");
        }
    }

    // Epochs until the latest peak that a trial of this space can have.
    private int PeakEpochs()
    {
        bool oneCycle = CanBe(LearningRateScheduleKind.OneCycle, others: false);
        bool warmsUp = CanBe(LearningRateScheduleKind.OneCycle, others: true);
        int cycle = oneCycle ? (int)((3L * maxEpochs + 9) / 10) : 0;
        int warmup = warmsUp ? (int)Math.Ceiling(Largest(HyperparameterCatalog.WarmupRatio) * maxEpochs - Tolerance) : 0;
        return Math.Max(cycle, warmup);
    }

    private bool CanBe(LearningRateScheduleKind kind, bool others)
    {
        ParameterDomain? domain = Domain(HyperparameterCatalog.LrSchedule);
        IEnumerable<double> values = domain is ParameterDomain.Listed list ? list.Values : [space.Constants[HyperparameterCatalog.LrSchedule] ?? 0];
        return values.Any(v => ((int)v == (int)kind) != others);
    }

    private double Largest(Hyperparameter h) => Domain(h)?.Largest ?? space.Constants[h] ?? 0;

    private ParameterDomain? Domain(Hyperparameter h) => space.Domains.FirstOrDefault(d => d.Hyperparameter == h);

    private void Warn(string code, FormattableString detail) => findings.Warn(code, pointer, detail.ToString(CultureInfo.InvariantCulture));
}
