using System.Globalization;

namespace HyperSearch.Training.Checkpoints;

/// <summary>Names inside a checkpoint folder.</summary>
internal static class CheckpointLayout
{
    /// <summary>Tensors of trained blocks, and moments.</summary>
    public static string StateTensors(string checkpoint) => Path.Combine(checkpoint, "last", "state.safetensors");

    /// <summary>Everything else that resuming needs.</summary>
    public static string State(string checkpoint) => Path.Combine(checkpoint, "last", "state.json");

    /// <summary>The exportable model's folder.</summary>
    public static string Best(string checkpoint) => Path.Combine(checkpoint, "best");

    /// <summary>Name of a moment of the optimizer.</summary>
    public static string Moment(int index) => string.Create(CultureInfo.InvariantCulture, $"optimizer.moment.{index}");
}
