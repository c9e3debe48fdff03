using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Simulation;

/// <summary>
/// Feeds a recorded decision log to fresh rules over fresh rows in memory: on every machine and in every order of workers
/// the same inputs must give the same decisions.
/// </summary>
/// <param name="spec">The resolved study.</param>
/// <param name="maxLostAttempts">The service's setting under which it was recorded; default 5.</param>
public sealed class DecisionReplay(StudySpec spec, int maxLostAttempts = 5)
{
    /// <summary>The rows so far.</summary>
    internal StudyHost Host { get; } = new(spec, maxLostAttempts) { Logs = false, Answers = false };

    /// <summary>Replays a whole log. Returns the first difference; null when there is none.</summary>
    /// <param name="spec">The resolved study.</param>
    /// <param name="maxLostAttempts">The service's setting under which it was recorded.</param>
    /// <param name="entries">The log from its first entry on, in order.</param>
    /// <exception cref="System.Text.Json.JsonException">An entry cannot be read.</exception>
    public static ReplayDifference? Run(StudySpec spec, int maxLostAttempts, IEnumerable<DecisionLogEntry> entries)
    {
        DecisionReplay replay = new(spec, maxLostAttempts);
        return entries.Select(replay.Next).FirstOrDefault(d => d is not null);
    }

    /// <summary>Replays the next entry. Returns how it differs; null when it does not. After a difference there is nothing more to compare.</summary>
    /// <param name="entry">The entry behind the one before.</param>
    /// <exception cref="System.Text.Json.JsonException">The entry cannot be read.</exception>
    public ReplayDifference? Next(DecisionLogEntry entry)
    {
        StudyInput input = entry.ReadInput();
        IReadOnlyList<Decision> recorded = entry.ReadDecisions();
        Host.Now = entry.At;
        try
        {
            StudyOutcome outcome = Host.Apply(input);
            return outcome.Applied && outcome.Decisions.SequenceEqual(recorded) ? null
                : new(entry.Sequence, input, recorded, outcome.Decisions, outcome.Applied ? null : "The input changes nothing.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // A log with missing or altered entries can ask for what the rows do not allow.
            return new(entry.Sequence, input, recorded, [], exception.Message);
        }
    }
}
