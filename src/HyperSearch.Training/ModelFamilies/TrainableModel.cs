using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>
/// A model's tensors in flat storage, and its forward pass, block by block. All tensors that it holds live outside
/// dispose scopes until it is disposed. Inputs are one tensor: normalised images as float32 [n, channels, height,
/// width], or text as int64 [n, 2, length] with token ids in channel 0 and token type ids in channel 1 (tokens that
/// are not the padding token are attended to).
/// </summary>
internal abstract class TrainableModel : IDisposable
{
    private readonly Dictionary<string, torch.Tensor> _views = [];
    private readonly List<torch.Tensor> _gradients = [];
    private readonly RowGradients _rowGradients = new();

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

    /// <summary>Which of the family's namings its weights are exported in; 0 is the family's own.</summary>
    public int Naming { get; set; }

    /// <summary>
    /// Whether texts are cut to the longest of their batch; default true. False where features of frozen blocks may be
    /// cached: those are of whole inputs, and a trial must not depend on the cache.
    /// </summary>
    public bool TrimsPadding { get; set; } = true;

    /// <summary>What its linear layers, convolutions and attention compute in; default float32. Its tensors, what leaves a block and the logits are float32 in any case.</summary>
    public Precision Precision { get; set; } = Precision.Fp32;

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

    /// <summary>Logits [n, classes] of inputs.</summary>
    public torch.Tensor Forward(torch.Tensor inputs, ForwardMode mode)
    {
        torch.Tensor used = TrimsPadding ? Trim(inputs) : inputs;
        return Forward(used, 0, used, mode);
    }

    /// <summary>Adds the gradients of a loss to <see cref="Gradients"/>; no other way adds all of them.</summary>
    /// <param name="loss">A number that came from the model's forward pass.</param>
    public void Backward(torch.Tensor loss)
    {
        loss.backward();
        _rowGradients.Add();
    }

    /// <summary>Logits [n, classes] of a batch, from where it begins.</summary>
    public torch.Tensor Forward(Batch batch, ForwardMode mode) =>
        batch.Block == 0 ? Forward(batch.Inputs, mode) : Forward(batch.Features, batch.Block, batch.Inputs, mode);

    /// <summary>Logits [n, classes], going on from features.</summary>
    /// <param name="features">What enters the block.</param>
    /// <param name="block">The block; the number of blocks stands for the head, which pooled features enter.</param>
    /// <param name="inputs">The model's inputs for the same examples.</param>
    /// <param name="mode">How to run.</param>
    public torch.Tensor Forward(torch.Tensor features, int block, torch.Tensor inputs, ForwardMode mode)
    {
        torch.Tensor pooled = Features(features, block, Blocks, inputs, mode), logits = Head(pooled, mode);
        Release(pooled, features, logits);
        return logits;
    }

    /// <summary>What enters a block, from what enters an earlier one.</summary>
    /// <param name="features">What enters <paramref name="from"/>; for block 0 the inputs themselves.</param>
    /// <param name="from">First block to run.</param>
    /// <param name="to">Block that the result enters; the number of blocks stands for the head.</param>
    /// <param name="inputs">The model's inputs for the same examples.</param>
    /// <param name="mode">How to run.</param>
    public torch.Tensor Features(torch.Tensor features, int from, int to, torch.Tensor inputs, ForwardMode mode)
    {
        torch.Tensor x = features;
        for (int block = from; block < to; block++)
        {
            torch.Tensor y = Block(block, x, inputs, mode);
            Release(x, features, y);
            x = y;
        }

        if (from == Blocks || to < Blocks)
        {
            return x;
        }

        torch.Tensor pooled = Pool(x, inputs);
        Release(x, features, pooled);
        return pooled;
    }

    /// <summary>The features after each block in evaluation mode, one row [n, width] an example, from one pass.</summary>
    /// <param name="inputs">The model's inputs.</param>
    public IEnumerable<torch.Tensor> Summaries(torch.Tensor inputs)
    {
        torch.Tensor used = TrimsPadding ? Trim(inputs) : inputs, x = used;
        for (int block = 0; block < Blocks; block++)
        {
            x = Block(block, x, used, ForwardMode.Evaluation);
            yield return Summarize(x, used);
        }
    }

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
            // Drawn on the CPU, so that every device starts from the same values.
            using torch.Tensor drawn = torch.empty(spec.Shape.AsSpan());
            _views[spec.Name].copy_(spec.Initial switch
            {
                InitialValue.Constant constant => drawn.fill_(constant.Value),
                InitialValue.Uniform uniform => drawn.uniform_(-uniform.Bound, uniform.Bound),
                InitialValue.Normal normal => drawn.normal_(0, normal.Deviation),
                _ => throw new InvalidOperationException($"Unknown initial value {spec.Initial}."),
            });
        }
    }

    public void Dispose()
    {
        _rowGradients.Dispose();
        foreach (torch.Tensor tensor in (IEnumerable<torch.Tensor>)[.. _gradients, .. _views.Values, Parameters, Gradients, Buffers])
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Frees what went through the model, unless it came from outside or goes on. The backward pass keeps what it needs by
    /// itself; freed at once, a tensor costs its dispose scope no room.
    /// </summary>
    /// <param name="x">What went in.</param>
    /// <param name="kept">What belongs to the caller.</param>
    /// <param name="y">What came out.</param>
    protected static void Release(torch.Tensor x, torch.Tensor kept, torch.Tensor y)
    {
        if (!ReferenceEquals(x, kept) && !ReferenceEquals(x, y))
        {
            x.Dispose();
        }
    }

    /// <summary>The rows [numbers, width] of a parameter, of which a batch reads few.</summary>
    /// <param name="table">The parameter [rows, width].</param>
    /// <param name="numbers">The rows, int64 [numbers]; taken over, like the result.</param>
    protected torch.Tensor Rows(torch.Tensor table, torch.Tensor numbers) => _rowGradients.Rows(table, numbers);

    /// <summary>Inputs without padding that no example of the batch needs.</summary>
    /// <param name="inputs">The model's inputs.</param>
    protected virtual torch.Tensor Trim(torch.Tensor inputs) => inputs;

    /// <summary>The output of one block; what it is given stays as it is.</summary>
    /// <param name="block">0-based.</param>
    /// <param name="x">Output of the block before; for block 0 the inputs.</param>
    /// <param name="inputs">The model's inputs, such as for a text's mask.</param>
    /// <param name="mode">How to run.</param>
    protected abstract torch.Tensor Block(int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode);

    /// <summary>The features [n, width] that enter the head: everything after the last block that has neither parameters nor dropout.</summary>
    /// <param name="x">Output of the last block.</param>
    /// <param name="inputs">The model's inputs.</param>
    protected abstract torch.Tensor Pool(torch.Tensor x, torch.Tensor inputs);

    /// <summary>What a linear probe sees of the output of any block, [n, width]; what enters the head, unless that is nothing before the last block.</summary>
    /// <param name="x">Output of a block.</param>
    /// <param name="inputs">The model's inputs.</param>
    protected virtual torch.Tensor Summarize(torch.Tensor x, torch.Tensor inputs) => Pool(x, inputs);

    /// <summary>Logits [n, classes] of pooled features: dropout, linear layer.</summary>
    /// <param name="features">Pooled features.</param>
    /// <param name="mode">How to run.</param>
    protected abstract torch.Tensor Head(torch.Tensor features, ForwardMode mode);
}
