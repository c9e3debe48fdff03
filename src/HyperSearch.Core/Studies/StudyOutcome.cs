using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>What one input came to: whether it counted, what was decided, and what the host has to store.</summary>
public sealed class StudyOutcome
{
    // Most outcomes have few of these or none.
    private List<Decision>? _decisions;
    private List<EpochReport>? _reports;
    private List<string>? _replacedCheckpoints;
    private List<StandingChange>? _standings;

    /// <summary>False when the input changed nothing: an old attempt, a repetition, an ended study.</summary>
    public bool Applied { get; internal set; }

    /// <summary>Whether it belongs in the decision log; a mere start and a repeated report do not.</summary>
    public bool Logged { get; internal set; } = true;

    /// <summary>The input as the log has to hold it, where it must say more than the host knew; else null.</summary>
    public StudyInput? Recorded { get; internal set; }

    /// <summary>The decisions, in order.</summary>
    public IReadOnlyList<Decision> Decisions => _decisions ?? [];

    /// <summary>The trial that came into being, or null.</summary>
    public Trial? Created { get; internal set; }

    /// <summary>Reports to store; some may be stored already.</summary>
    public IReadOnlyList<EpochReport> Reports => _reports ?? [];

    /// <summary>Artifact keys of checkpoints that a newer one has replaced.</summary>
    public IReadOnlyList<string> ReplacedCheckpoints => _replacedCheckpoints ?? [];

    /// <summary>Changes of the ordered results, in order.</summary>
    public IReadOnlyList<StandingChange> Standings => _standings ?? [];

    internal void Change(StandingChange change) => (_standings ??= []).Add(change);

    internal void Decide(Decision decision) => (_decisions ??= []).Add(decision);

    internal void Store(EpochReport report) => (_reports ??= []).Add(report);

    internal void Replace(string key) => (_replacedCheckpoints ??= []).Add(key);
}
