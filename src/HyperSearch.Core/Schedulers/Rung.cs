using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Schedulers;

/// <summary>An epoch level where trials are compared: counts and its cut, never its trials, so it costs the same at any size.</summary>
public sealed class Rung
{
    /// <summary>A rung nobody has reached yet.</summary>
    /// <param name="studyId">The study.</param>
    /// <param name="bracket">The ladder, from 0.</param>
    /// <param name="index">The level in its ladder, from 0.</param>
    /// <param name="epochs">Finished epochs at which trials are compared.</param>
    public Rung(string studyId, int bracket, int index, int epochs)
    {
        StudyId = studyId;
        Bracket = bracket;
        Index = index;
        Epochs = epochs;
    }

    /// <summary>The study.</summary>
    public string StudyId { get; private set; }

    /// <summary>The ladder, from 0.</summary>
    public int Bracket { get; private set; }

    /// <summary>The level in its ladder, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Finished epochs at which trials are compared.</summary>
    public int Epochs { get; private set; }

    /// <summary>Trials that were ever set on their way to it.</summary>
    public int Entered { get; internal set; }

    /// <summary>Trials on their way to it that wait for a slot.</summary>
    public int Waiting { get; internal set; }

    /// <summary>Trials on their way to it that have a slot.</summary>
    public int Assigned { get; internal set; }

    /// <summary>Trials on their way to it.</summary>
    public int Outstanding => Waiting + Assigned;

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

    /// <summary>How many of its best results may go on, where results are kept in order.</summary>
    public int CutRank { get; private set; }

    /// <summary>The loss of the last of them, or null.</summary>
    public double? CutLoss { get; private set; }

    /// <summary>Its trial.</summary>
    public int? CutNumber { get; private set; }

    /// <summary>The loss of the best result whose trial has not gone on, or null.</summary>
    public double? OpenLoss { get; private set; }

    /// <summary>Its trial.</summary>
    public int? OpenNumber { get; private set; }

    /// <summary>The last result that may go on.</summary>
    public Cut Cut => new(CutRank, Standing(CutLoss, CutNumber));

    /// <summary>The best result whose trial has not gone on, or null.</summary>
    public Standing? Open => Standing(OpenLoss, OpenNumber);

    /// <summary>Notes that a trial on its way to it or in it moved from one state to another.</summary>
    internal void Shift(TrialState state, int by)
    {
        switch (state)
        {
            case TrialState.Waiting: Waiting += by; break;
            case TrialState.Dispatched or TrialState.Running: Assigned += by; break;
            case TrialState.Paused: Paused += by; break;
            default: break;
        }
    }

    internal void Insert(Standing added, int places, Neighbourhood near)
    {
        Set(Cut.Insert(added, places, near));
        SetOpen(Open is { } open && open < added ? open : added);
    }

    internal void Remove(Standing gone, int places, Neighbourhood near)
    {
        Set(Cut.Remove(gone, places, near));
        SetOpen(OpenBut(gone, near));
    }

    internal void Widen(int places, Neighbourhood near) => Set(Cut.Move(places, near));

    internal void Take(Standing taken, Neighbourhood near) => SetOpen(OpenBut(taken, near));

    private Standing? OpenBut(Standing taken, Neighbourhood near) =>
        Open != taken ? Open : near.Open switch
        {
            [var first, ..] when first != taken => first,
            [_, var second, ..] => second,
            _ => null,
        };

    private static Standing? Standing(double? loss, int? number) => loss is { } l ? new Standing(l, number!.Value) : null;

    private void Set(Cut cut) => (CutRank, CutLoss, CutNumber) = (cut.Rank, cut.At?.Loss, cut.At?.Number);

    private void SetOpen(Standing? open) => (OpenLoss, OpenNumber) = (open?.Loss, open?.Number);
}
