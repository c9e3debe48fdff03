using System.Text.Json;
using System.Text.Json.Serialization;

namespace HyperSearch.Core.Studies;

/// <summary>One line of the decision log: an input that counted, in its place in the study's one sequence, and what was decided.</summary>
public sealed class DecisionLogEntry
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private DecisionLogEntry(string studyId, long sequence, DateTimeOffset at, string input, string decisions)
    {
        StudyId = studyId;
        Sequence = sequence;
        At = at;
        Input = input;
        Decisions = decisions;
    }

    /// <summary>The study.</summary>
    public string StudyId { get; private set; }

    /// <summary>From 1, without gaps.</summary>
    public long Sequence { get; private set; }

    /// <summary>The time that the rules saw.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The input as JSON.</summary>
    public string Input { get; private set; }

    /// <summary>The decisions as a JSON array.</summary>
    public string Decisions { get; private set; }

    /// <summary>The next line of a study's log. Call it in the order of the inputs, under the study's lock.</summary>
    /// <param name="study">The study; its last sequence number rises.</param>
    /// <param name="input">What has happened.</param>
    /// <param name="outcome">What it came to.</param>
    /// <param name="now">The time that the rules saw.</param>
    public static DecisionLogEntry Next(Study study, StudyInput input, StudyOutcome outcome, DateTimeOffset now) =>
        new(study.Id, ++study.LastDecision, now, JsonSerializer.Serialize(outcome.Recorded ?? input, Json), JsonSerializer.Serialize(outcome.Decisions, Json));

    /// <summary>An input as the log holds it.</summary>
    /// <param name="input">What has happened.</param>
    public static JsonElement Write(StudyInput input) => JsonSerializer.SerializeToElement(input, Json);

    /// <summary>Decisions as the log holds them.</summary>
    /// <param name="decisions">What was decided, in order.</param>
    public static JsonElement Write(IReadOnlyList<Decision> decisions) => JsonSerializer.SerializeToElement(decisions, Json);

    /// <summary>Reads the input back, to be fed to the rules again.</summary>
    public StudyInput ReadInput() => JsonSerializer.Deserialize<StudyInput>(Input, Json)
        ?? throw new JsonException($"Entry {Sequence} of the decision log is empty.");

    /// <summary>Reads the decisions back.</summary>
    public IReadOnlyList<Decision> ReadDecisions() => JsonSerializer.Deserialize<IReadOnlyList<Decision>>(Decisions, Json)
        ?? throw new JsonException($"Entry {Sequence} of the decision log has no decisions.");
}
