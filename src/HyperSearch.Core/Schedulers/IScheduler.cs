namespace HyperSearch.Core.Schedulers;

/// <summary>Allots epochs. Pure: what it decides depends on the study's settings and the rung view alone.</summary>
public interface IScheduler
{
    /// <summary>The rungs of a new study; empty without rungs.</summary>
    /// <param name="studyId">The study.</param>
    IReadOnlyList<Rung> Rungs(string studyId);

    /// <summary>Where a new trial starts.</summary>
    /// <param name="number">The trial's number, from 0.</param>
    /// <param name="fullEpochs">Epochs of its full resource.</param>
    Placement Place(int number, int fullEpochs);

    /// <summary>Whether a trial that reached the end of its segment on that rung waits to be compared; else it is complete.</summary>
    /// <param name="bracket">The ladder; null without rungs.</param>
    /// <param name="rung">The level; null without rungs.</param>
    bool Compares(int? bracket, int? rung);

    /// <summary>Whether paused trials go on one by one, so that those left at the end were never good enough; default false.</summary>
    bool Asynchronous => false;

    /// <summary>How many of a rung's best results may go on, for schedulers that keep results in order; null for those that do not.</summary>
    /// <param name="rung">The rung.</param>
    int? Places(Rung rung) => null;

    /// <summary>The paused trial that a free slot goes to when no trial waits; null when a new trial comes first.</summary>
    /// <param name="view">The rungs.</param>
    Candidate? Next(RungView view) => null;

    /// <summary>The next rung that can be decided now as a whole, or null.</summary>
    /// <param name="view">The rungs.</param>
    Promotion? Decide(RungView view) => null;
}
