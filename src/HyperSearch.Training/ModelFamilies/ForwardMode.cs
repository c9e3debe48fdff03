using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>How a forward pass runs.</summary>
/// <param name="Training">Whether unfrozen blocks and the head run in training mode.</param>
/// <param name="FrozenBlocks">Leading blocks that stay in evaluation mode.</param>
/// <param name="Dropout">Dropout probability in training mode.</param>
internal readonly record struct ForwardMode(bool Training, int FrozenBlocks, double Dropout)
{
    /// <summary>Evaluation mode everywhere.</summary>
    public static ForwardMode Evaluation { get; }

    /// <summary>Whether a block runs in training mode; the head is the block after the last.</summary>
    public bool Trains(int block) => Training && block >= FrozenBlocks;

    /// <summary>Dropout inside a block that trains; draws nothing otherwise.</summary>
    public torch.Tensor Drop(torch.Tensor x, int block) => Dropout > 0 && Trains(block) ? F.dropout(x, Dropout, training: true) : x;
}
