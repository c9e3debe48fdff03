using System.Collections.Immutable;
using HyperSearch.Training.ModelFamilies.Convolutions;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>
/// Places all parameters of a model into one flat tensor, block after block, and all buffers into another, so that
/// the optimizer, snapshots and norms work on whole ranges instead of tensor by tensor.
/// </summary>
internal sealed class TensorLayout
{
    private const int KernelDimensions = 4;

    private readonly ImmutableArray<(TensorSpec Spec, long Offset)> _places;

    /// <summary>A layout of the tensors.</summary>
    /// <param name="specs">All tensors of the model.</param>
    /// <param name="blocks">Number of blocks without the head.</param>
    public TensorLayout(IEnumerable<TensorSpec> specs, int blocks)
    {
        Blocks = blocks;
        ImmutableArray<(TensorSpec, long)>.Builder places = ImmutableArray.CreateBuilder<(TensorSpec, long)>();
        BlockRange[] ranges = new BlockRange[blocks + 1];
        foreach (IGrouping<int, TensorSpec> block in specs.OrderBy(s => s.Block).ThenBy(s => s.Role).GroupBy(s => s.Block))
        {
            long start = ParameterElements;
            long undecayed = start + block.Where(s => s.Role == TensorRole.Weight).Sum(s => s.Elements);
            foreach (TensorSpec spec in block)
            {
                bool buffer = spec.Role == TensorRole.Buffer;
                places.Add((spec, buffer ? BufferElements : ParameterElements));
                ParameterElements += buffer ? 0 : spec.Elements;
                BufferElements += buffer ? spec.Elements : 0;
            }

            ranges[block.Key] = new(start, undecayed, ParameterElements);
        }

        _places = places.ToImmutable();
        Ranges = [.. ranges];
    }

    /// <summary>Number of blocks without the head.</summary>
    public int Blocks { get; }

    /// <summary>Elements of the flat parameter tensor.</summary>
    public long ParameterElements { get; }

    /// <summary>Elements of the flat buffer tensor.</summary>
    public long BufferElements { get; }

    /// <summary>The range of each block and, last, of the head.</summary>
    public ImmutableArray<BlockRange> Ranges { get; }

    /// <summary>All tensors in their order.</summary>
    public IEnumerable<TensorSpec> Specs => _places.Select(p => p.Spec);

    /// <summary>Views of the named tensors into flat ones; the caller disposes them.</summary>
    /// <param name="parameters">Flat parameters (or their gradients).</param>
    /// <param name="buffers">Flat buffers.</param>
    public IEnumerable<(TensorSpec Spec, torch.Tensor View)> Views(torch.Tensor parameters, torch.Tensor buffers)
    {
        foreach ((TensorSpec spec, long offset) in _places)
        {
            torch.Tensor flat = spec.Role == TensorRole.Buffer ? buffers : parameters;
            using torch.Tensor slice = flat.narrow(0, offset, spec.Elements);
            yield return (spec, spec.Shape.Length == KernelDimensions ? ChannelsLast.Kernels(slice, spec.Shape.AsSpan()) : slice.view(spec.Shape.AsSpan().ToArray()));
        }
    }
}
