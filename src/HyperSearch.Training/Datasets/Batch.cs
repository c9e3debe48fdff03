using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>Examples that go through a model together.</summary>
/// <param name="Features">What enters the block; for block 0 the inputs themselves.</param>
/// <param name="Block">The block where the model begins; the number of blocks stands for the head.</param>
/// <param name="Inputs">The model's inputs for the same examples; of images only where the model begins with them.</param>
/// <param name="Labels">Class indices as int64, [n].</param>
internal readonly record struct Batch(torch.Tensor Features, int Block, torch.Tensor Inputs, torch.Tensor Labels) : IDisposable
{
    /// <summary>The same batch, its tensors out of their dispose scope.</summary>
    public Batch Detach()
    {
        Features.DetachFromDisposeScope();
        Inputs.DetachFromDisposeScope();
        Labels.DetachFromDisposeScope();
        return this;
    }

    /// <summary>Frees its tensors.</summary>
    public void Dispose()
    {
        Features.Dispose();
        Inputs.Dispose();
        Labels.Dispose();
    }
}
