using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Simulation;

/// <summary>The reports of one trial by epoch. One that overtook another leaves a gap until that comes.</summary>
internal sealed class TrialReports
{
    private readonly List<EpochReport?> _byEpoch = [];

    /// <summary>All of them, by epoch.</summary>
    public IEnumerable<EpochReport> InOrder => _byEpoch.OfType<EpochReport>();

    /// <summary>Adds those whose epochs are not there yet.</summary>
    public void Add(IEnumerable<EpochReport> reports)
    {
        foreach (EpochReport report in reports)
        {
            while (_byEpoch.Count < report.Epoch)
            {
                _byEpoch.Add(null);
            }

            _byEpoch[report.Epoch - 1] ??= report;
        }
    }

    /// <summary>Takes those behind an epoch away.</summary>
    public void ForgetBeyond(int epoch)
    {
        if (_byEpoch.Count > epoch)
        {
            _byEpoch.RemoveRange(epoch, _byEpoch.Count - epoch);
        }
    }
}
