namespace HyperSearch.Core.Studies;

/// <summary>The confirmation after the search: the best trials and the baseline run again in full, all with the same fresh seeds.</summary>
/// <param name="Top">How many of the best, 1..1,000; fewer where a study has fewer trials.</param>
/// <param name="Seeds">How many runs each of them gets, 3..100; default 5.</param>
public sealed record StudyConfirm(int Top, int Seeds = 5);
