using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HyperSearch.Training.ModelFamilies;

namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>Sizes of a perceptron.</summary>
internal sealed record MlpConfig : ModelConfig
{
    /// <summary>Numbers that go in, and outputs of each hidden layer.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <inheritdoc/>
    public override int Blocks => Widths.Length - 1;

    /// <inheritdoc/>
    protected override void Write(JsonObject json) => json["hidden_sizes"] = List(Widths);
}
