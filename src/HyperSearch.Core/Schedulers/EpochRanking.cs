namespace HyperSearch.Core.Schedulers;

/// <summary>The running averages of the trials that reported one epoch, as median stopping sees them: their number and their middle.</summary>
public sealed class EpochRanking
{
    /// <summary>The bracket under which the running averages are stored beside the results of rungs.</summary>
    public const int Bracket = -1;

    /// <summary>An epoch that nobody has reported yet.</summary>
    /// <param name="studyId">The study.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public EpochRanking(string studyId, int epoch)
    {
        StudyId = studyId;
        Epoch = epoch;
    }

    /// <summary>The study.</summary>
    public string StudyId { get; private set; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; private set; }

    /// <summary>Trials that reported the epoch, diverged ones left out.</summary>
    public int Count { get; private set; }

    /// <summary>The loss of the lower of the middle two averages; null when there is none.</summary>
    public double? CutLoss { get; private set; }

    /// <summary>Its trial.</summary>
    public int? CutNumber { get; private set; }

    /// <summary>The lower of the middle two.</summary>
    public Cut Cut => new(Middle(Count), CutLoss is { } loss ? new Standing(loss, CutNumber!.Value) : null);

    /// <summary>The median: the mean of the middle two for an even count; null when there is none.</summary>
    /// <param name="near">The neighbours of the cut.</param>
    public double? Median(Neighbourhood near) => CutLoss is not { } low ? null
        : Count % 2 == 1 ? low : low + ((near.After[0].Loss - low) / 2);

    internal void Insert(Standing added, Neighbourhood near) => Set(Cut.Insert(added, Middle(++Count), near));

    internal void Remove(Standing gone, Neighbourhood near)
    {
        Cut before = Cut;
        Set(before.Remove(gone, Middle(--Count), near));
    }

    private static int Middle(int count) => (count + 1) / 2;

    private void Set(Cut cut) => (CutLoss, CutNumber) = (cut.At?.Loss, cut.At?.Number);
}
