using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HyperSearch.Core.Hyperparameters;

/// <summary>
/// One value for every hyperparameter of the catalogue: the seven and the companions. Immutable; equal by value.
/// A value that has no meaning beside the others (momentum with adamw) is null after <see cref="Normalize"/>.
/// </summary>
public sealed class ParameterSet : IEquatable<ParameterSet>
{
    private readonly ImmutableArray<double?> _values;

    private ParameterSet(ImmutableArray<double?> values) => _values = values;

    /// <summary>A set from values in the order of <see cref="HyperparameterCatalog.All"/>; choices as index.</summary>
    /// <param name="values">One value for every hyperparameter.</param>
    /// <exception cref="ArgumentException">Another number of values than hyperparameters.</exception>
    public static ParameterSet Create(params ReadOnlySpan<double?> values)
    {
        if (values.Length != HyperparameterCatalog.All.Length)
        {
            throw new ArgumentException($"{HyperparameterCatalog.All.Length} values are needed, not {values.Length}.", nameof(values));
        }

        return new([.. values]);
    }

    /// <summary>The number or the index of the choice; null where it has no meaning beside the others.</summary>
    /// <param name="hyperparameter">A hyperparameter of the catalogue.</param>
    public double? this[Hyperparameter hyperparameter] => _values[hyperparameter.Index];

    /// <summary>Peak rate of the head.</summary>
    public double LearningRate => Number(HyperparameterCatalog.LearningRate);

    /// <summary>Examples per optimizer step.</summary>
    public int BatchSize => (int)Number(HyperparameterCatalog.BatchSize);

    /// <summary>Full epochs of the trial: the horizon of schedule, warm-up and thawing.</summary>
    public int Epochs => (int)Number(HyperparameterCatalog.Epochs);

    /// <summary>Dropout probability.</summary>
    public double Dropout => Number(HyperparameterCatalog.Dropout);

    /// <summary>Decoupled weight decay.</summary>
    public double WeightDecay => Number(HyperparameterCatalog.WeightDecay);

    /// <summary>Shape of the learning rate.</summary>
    public LearningRateScheduleKind LrSchedule => (LearningRateScheduleKind)(int)Number(HyperparameterCatalog.LrSchedule);

    /// <summary>Leading blocks frozen at the start.</summary>
    public int FrozenBlocks => (int)Number(HyperparameterCatalog.FrozenBlocks);

    /// <summary>Thawing interval in epochs; 0 where it has no meaning.</summary>
    public int UnfreezeEvery => (int)(this[HyperparameterCatalog.UnfreezeEvery] ?? 0);

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer => (OptimizerKind)(int)Number(HyperparameterCatalog.Optimizer);

    /// <summary>Momentum of sgd; 0 where it has no meaning.</summary>
    public double Momentum => this[HyperparameterCatalog.Momentum] ?? 0;

    /// <summary>Share of all steps that warm up; 0 where it has no meaning.</summary>
    public double WarmupRatio => this[HyperparameterCatalog.WarmupRatio] ?? 0;

    /// <summary>Factor on the rate per block of distance from the head.</summary>
    public double LayerLrDecay => Number(HyperparameterCatalog.LayerLrDecay);

    /// <summary>Label smoothing of the training loss.</summary>
    public double LabelSmoothing => Number(HyperparameterCatalog.LabelSmoothing);

    /// <summary>The same set with one other value.</summary>
    /// <param name="hyperparameter">The one to change.</param>
    /// <param name="value">The number, the index of a choice, or null for none.</param>
    public ParameterSet With(Hyperparameter hyperparameter, double? value) =>
        value.Equals(this[hyperparameter]) ? this : new(_values.SetItem(hyperparameter.Index, value));

    /// <summary>
    /// Takes away what has no meaning beside the rest, so that equal trainings are equal sets: momentum with adamw,
    /// warm-up with one_cycle, the thawing interval when nothing is frozen. Idempotent.
    /// </summary>
    public ParameterSet Normalize()
    {
        ParameterSet set = this;
        if (set.Optimizer == OptimizerKind.AdamW)
        {
            set = set.With(HyperparameterCatalog.Momentum, null);
        }

        if (set.LrSchedule == LearningRateScheduleKind.OneCycle)
        {
            set = set.With(HyperparameterCatalog.WarmupRatio, null);
        }

        return set.FrozenBlocks == 0 ? set.With(HyperparameterCatalog.UnfreezeEvery, null) : set;
    }

    /// <summary>A JSON object of all names, choices by name, nulls kept.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = [];
        foreach (Hyperparameter h in HyperparameterCatalog.All)
        {
            json[h.Name] = Render(h, this[h]);
        }

        return json;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote; other names are ignored.</summary>
    /// <param name="json">An object with every name of the catalogue.</param>
    /// <exception cref="JsonException">A name is missing or a choice is unknown.</exception>
    public static ParameterSet FromJson(string json)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return FromJson(ref reader);
    }

    /// <summary>Reads one object where a reader stands and leaves the reader at its end: no document is made, for a study may have 100,000 of them.</summary>
    internal static ParameterSet FromJson(ref Utf8JsonReader reader)
    {
        double?[] values = new double?[HyperparameterCatalog.All.Length];
        int missing = (1 << values.Length) - 1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Hyperparameter? h = FindName(ref reader);
            reader.Read();
            if (h is null)
            {
                reader.Skip();
                continue;
            }

            missing &= ~(1 << h.Index);
            values[h.Index] = reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.String => Choice(h, reader.GetString()!),
                _ => reader.GetDouble(),
            };
        }

        return missing == 0 ? Create(values)
            : throw new JsonException($"The parameter set lacks {HyperparameterCatalog.All[int.TrailingZeroCount(missing)].Name}.");
    }

    /// <summary>One value as JSON: an integer without a fraction, a choice by name.</summary>
    /// <param name="hyperparameter">Whose value it is.</param>
    /// <param name="value">The number, the index of a choice, or null.</param>
    public static JsonNode? Render(Hyperparameter hyperparameter, double? value) => value is not { } v ? null : hyperparameter.Kind switch
    {
        HyperparameterKind.Choice => JsonValue.Create(hyperparameter.Choices[(int)v]),
        HyperparameterKind.Whole => JsonValue.Create((long)v),
        HyperparameterKind.Real => JsonValue.Create(v),
        _ => throw new InvalidOperationException($"Unknown kind {hyperparameter.Kind}."),
    };

    /// <inheritdoc/>
    public bool Equals(ParameterSet? other) => other is not null && _values.AsSpan().SequenceEqual(other._values.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (double? value in _values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", HyperparameterCatalog.All
        .Where(h => this[h] is not null)
        .Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Name}={Render(h, this[h])}")));

    private static Hyperparameter? FindName(ref Utf8JsonReader reader)
    {
        foreach (Hyperparameter h in HyperparameterCatalog.All)
        {
            if (reader.ValueTextEquals(h.Name))
            {
                return h;
            }
        }

        return null;
    }

    private static double Choice(Hyperparameter h, string name)
    {
        int index = h.Choices.IndexOf(name);
        return index >= 0 ? index : throw new JsonException($"{h.Name} has no choice {name}.");
    }

    private double Number(Hyperparameter h) => this[h] ?? throw new InvalidOperationException($"{h.Name} has no value.");
}
