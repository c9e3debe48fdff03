using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>
/// A model's tensors in flat storage, and its forward pass. All tensors that it holds live outside dispose scopes
/// until it is disposed.
/// </summary>
internal abstract class TrainableModel : IDisposable
{
    private readonly Dictionary<string, torch.Tensor> _views = [];
    private readonly List<torch.Tensor> _gradients = [];

    /// <summary>Allocates the tensors of a layout, all zero.</summary>
    protected TrainableModel(ModelConfig config, TensorLayout layout, torch.Device device)
    {
        Config = config;
        Layout = layout;
        Parameters = torch.zeros(layout.ParameterElements, device: device).DetachFromDisposeScope();
        Buffers = torch.zeros(layout.BufferElements, device: device).DetachFromDisposeScope();
        Gradients = torch.zeros(layout.ParameterElements, device: device).DetachFromDisposeScope();
        foreach ((TensorSpec spec, torch.Tensor view) in layout.Views(Parameters, Buffers))
        {
            _views[spec.Name] = view.DetachFromDisposeScope();
        }
    }

    /// <summary>Its configuration.</summary>
    public ModelConfig Config { get; }

    /// <summary>Where its tensors lie.</summary>
    public TensorLayout Layout { get; }

    /// <summary>All parameters, flat.</summary>
    public torch.Tensor Parameters { get; }

    /// <summary>All gradients, flat; the parameters' own gradients are views of it.</summary>
    public torch.Tensor Gradients { get; }

    /// <summary>All buffers, flat.</summary>
    public torch.Tensor Buffers { get; }

    /// <summary>Number of blocks without the head.</summary>
    public int Blocks => Layout.Blocks;

    /// <summary>The tensor of that name; it stays the model's.</summary>
    public torch.Tensor this[string name] => _views[name];

    /// <summary>Logits [n, classes] of normalised images [n, channels, height, width].</summary>
    public abstract torch.Tensor Forward(torch.Tensor images, ForwardMode mode);

    /// <summary>Lets blocks from <paramref name="firstBlock"/> on, and the head, collect gradients. Blocks only thaw.</summary>
    public void Thaw(int firstBlock)
    {
        foreach ((TensorSpec spec, torch.Tensor gradient) in Layout.Views(Gradients, Buffers))
        {
            torch.Tensor parameter = _views[spec.Name];
            if (spec.Role == TensorRole.Buffer || spec.Block < firstBlock || parameter.requires_grad)
            {
                gradient.Dispose();
                continue;
            }

            // Backward adds in place to a gradient that is already there.
            parameter.requires_grad_(true);
            parameter.grad = gradient;
            _gradients.Add(gradient.DetachFromDisposeScope());
        }
    }

    /// <summary>Gives the tensors of some blocks their initial values.</summary>
    /// <param name="firstBlock">First block.</param>
    /// <param name="lastBlock">Last block; the head is the block after the last.</param>
    /// <param name="seed">Seed of the draws.</param>
    public void Initialize(int firstBlock, int lastBlock, ulong seed)
    {
        using IDisposable noGrad = torch.no_grad();
        torch.manual_seed((long)seed);
        foreach (TensorSpec spec in Layout.Specs.Where(s => s.Block >= firstBlock && s.Block <= lastBlock))
        {
            if (spec.Initial is { } constant)
            {
                _views[spec.Name].fill_(constant);
                continue;
            }

            double bound = 1 / Math.Sqrt(spec.Inputs);
            using torch.Tensor drawn = torch.empty(spec.Shape.AsSpan()).uniform_(-bound, bound);
            _views[spec.Name].copy_(drawn);
        }
    }

    public void Dispose()
    {
        foreach (torch.Tensor tensor in (IEnumerable<torch.Tensor>)[.. _gradients, .. _views.Values, Parameters, Gradients, Buffers])
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
