namespace HyperSearch.Core.Schedulers;

/// <summary>An epoch level where trials are compared: counts only, never its trials, so it costs the same at any size.</summary>
public sealed class Rung
{
    /// <summary>A rung nobody has reached yet.</summary>
    /// <param name="studyId">The study.</param>
    /// <param name="bracket">The ladder, from 0.</param>
    /// <param name="index">The level in its ladder, from 0.</param>
    /// <param name="epochs">Finished epochs at which trials are compared.</param>
    /// <param name="outstanding">Trials that will reach it or end before, as far as known.</param>
    public Rung(string studyId, int bracket, int index, int epochs, int outstanding)
    {
        StudyId = studyId;
        Bracket = bracket;
        Index = index;
        Epochs = epochs;
        Outstanding = outstanding;
    }

    /// <summary>The study.</summary>
    public string StudyId { get; private set; }

    /// <summary>The ladder, from 0.</summary>
    public int Bracket { get; private set; }

    /// <summary>The level in its ladder, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Finished epochs at which trials are compared.</summary>
    public int Epochs { get; private set; }

    /// <summary>Trials on their way to it.</summary>
    public int Outstanding { get; internal set; }

    /// <summary>|rung|: trials that ended in it with a value or diverged; failed, cancelled and lost ones do not count.</summary>
    public int Ended { get; internal set; }

    /// <summary>Of those, the ones with a finite value.</summary>
    public int Finite { get; internal set; }

    /// <summary>Trials that wait in it now to be compared.</summary>
    public int Paused { get; internal set; }

    /// <summary>Trials that went on from it.</summary>
    public int Promoted { get; internal set; }

    /// <summary>Whether a synchronous ladder has decided it.</summary>
    public bool Decided { get; internal set; }
}
