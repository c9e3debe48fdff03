using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>What one input came to: whether it counted, what was decided, and what the host has to store.</summary>
public sealed class StudyOutcome
{
    // Most outcomes have one or two of these.
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
    public IReadOnlyList<Decision> Decisions => _decisions ?? (IReadOnlyList<Decision>)[];

    /// <summary>The trial that came into being, or null.</summary>
    public Trial? Created { get; internal set; }

    /// <summary>Reports to store; some may be stored already.</summary>
    public IReadOnlyList<EpochReport> Reports => _reports ?? (IReadOnlyList<EpochReport>)[];

    /// <summary>Artifact keys of checkpoints that a newer one has replaced.</summary>
    public IReadOnlyList<string> ReplacedCheckpoints => _replacedCheckpoints ?? (IReadOnlyList<string>)[];

    /// <summary>Changes of the ordered results, in order.</summary>
    public IReadOnlyList<StandingChange> Standings => _standings ?? (IReadOnlyList<StandingChange>)[];

    internal void Change(StandingChange change) => (_standings ??= new(1)).Add(change);

    internal void Decide(Decision decision) => (_decisions ??= new(2)).Add(decision);

    internal void Store(EpochReport report) => (_reports ??= new(1)).Add(report);

    internal void Replace(string key) => (_replacedCheckpoints ??= new(1)).Add(key);
}
