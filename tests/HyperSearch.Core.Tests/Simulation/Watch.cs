using HyperSearch.Core.Simulation;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>What must be true from one input to the next.</summary>
internal sealed class Watch(bool recounts)
{
    private int _assigned;
    private long _executed;
    private int _trials;

    public void Look(StudyHost host)
    {
        bool sound = host.Study.EpochsExecuted >= _executed && host.Study.Trials >= _trials
            && (host.Study.Assigned <= _assigned || host.Study.Assigned <= (host.Study.MaxParallel ?? int.MaxValue));
        if (!sound)
        {
            Assert.Fail($"{host.Study.Assigned} assigned after {_assigned}, {host.Study.EpochsExecuted} epochs after {_executed}, {host.Study.Trials} trials after {_trials}.");
        }

        (_assigned, _executed, _trials) = (host.Study.Assigned, host.Study.EpochsExecuted, host.Study.Trials);
        if (recounts)
        {
            Recount.Check(host);
        }
    }
}
