using HyperSearch.Core.Leaderboards;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the confirmation of a request: <c>{top, seeds?}</c>.</summary>
internal static class ConfirmReader
{
    private const string Field = "confirm";
    private const int MostTop = 1_000;
    private const int MostSeeds = 100;

    /// <summary>The confirmation; null when the request has none or it was reported.</summary>
    public static StudyConfirm? Read(RequestObject study)
    {
        if (study.Get(Field) is not { } element
            || RequestObject.Read(element, study.Pointer(Field), study.Findings, ["top", "seeds"]) is not { } confirm)
        {
            return null;
        }

        if (!confirm.Has("top"))
        {
            confirm.Findings.Missing(confirm.Pointer("top"), "A confirmation needs top: how many of the best trials run again.");
        }

        int? top = confirm.Int("top", 1, MostTop);
        int? seeds = confirm.Int("seeds", ConfirmationRanking.FewestSeeds, MostSeeds);
        return top is not { } k ? null : seeds is { } m ? new(k, m) : new(k);
    }
}
