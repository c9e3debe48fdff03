using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.ModelFamilies.Bert;

/// <summary>
/// Embeddings, then layers of self-attention and a feed-forward net, each with a residual connection and layer norm
/// behind it (Vaswani et al., 2017, section 3); the head reads the first token.
/// </summary>
internal sealed class BertModel : TrainableModel
{
    private readonly BertConfig _config;
    private readonly torch.Tensor _word;
    private readonly torch.Tensor _position;
    private readonly torch.Tensor? _type;
    private readonly Affine _embeddingNorm;
    private readonly EncoderLayer[] _layers;
    private readonly Affine _headDense;
    private readonly Affine _classifier;
    private readonly long[] _normShape;

    public BertModel(BertConfig config, TensorLayout layout, torch.Device device) : base(config, layout, device)
    {
        BertNames names = BertNames.Of(config);
        _config = config;
        _normShape = [config.HiddenSize];
        _word = this[$"{names.Word}.weight"];
        _position = this[$"{names.Position}.weight"];
        _type = config.Distilled ? null : this[$"{names.Type}.weight"];
        _embeddingNorm = Affine(names.EmbeddingNorm);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => names.Layer(i)).Select(prefix => new EncoderLayer(
            Affine(prefix + names.Query), Affine(prefix + names.Key), Affine(prefix + names.Value),
            Affine(prefix + names.AttentionOutput), Affine(prefix + names.AttentionNorm),
            Affine(prefix + names.Intermediate), Affine(prefix + names.Output), Affine(prefix + names.OutputNorm)))];
        _headDense = Affine(names.HeadDense);
        _classifier = Affine(BertNames.Classifier);
    }

    /// <summary>States of all tokens [n, length, hidden] after the last layer.</summary>
    /// <param name="inputs">Text as int64 [n, 2, length].</param>
    /// <param name="mode">How to run.</param>
    public torch.Tensor States(torch.Tensor inputs, ForwardMode mode)
    {
        torch.Tensor x = inputs;
        for (int block = 0; block < Blocks; block++)
        {
            x = Block(block, x, inputs, mode);
        }

        return x;
    }

    /// <inheritdoc/>
    protected override torch.Tensor Block(int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor y = block == 0 ? Embed(inputs, mode) : Encode(_layers[block - 1], block, x, inputs, mode);
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override torch.Tensor Pool(torch.Tensor x, torch.Tensor inputs) => x.select(1, 0).contiguous();

    /// <summary>The mean over the tokens that are no padding: the first token, which the head reads, is the same in every text until it has attended to others.</summary>
    protected override torch.Tensor Summarize(torch.Tensor x, torch.Tensor inputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor used = inputs.select(1, 0).ne(_config.Text!.PadId).unsqueeze(-1).to(x.dtype);
        return ((x * used).sum(1) / used.sum(1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override torch.Tensor Head(torch.Tensor features, ForwardMode mode)
    {
        torch.Tensor hidden = Linear(features, _headDense);
        hidden = _config.Distilled ? hidden.relu_() : hidden.tanh_();
        return Linear(mode.Drop(hidden, Blocks), _classifier);
    }

    /// <inheritdoc/>
    protected override torch.Tensor Trim(torch.Tensor inputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor used = inputs.select(1, 0).ne(_config.Text!.PadId).any(0);
        long longest = used.nonzero().max().item<long>() + 1;
        return inputs.narrow(2, 0, longest).MoveToOuterDisposeScope();
    }

    private torch.Tensor Embed(torch.Tensor inputs, ForwardMode mode)
    {
        long examples = inputs.shape[0], length = inputs.shape[2];
        torch.Tensor x = Rows(_word, inputs.select(1, 0).flatten());
        if (_type is not null)
        {
            // A product with ones and zeros gives the rows exactly, and its gradient costs nothing.
            torch.Tensor types = F.one_hot(inputs.select(1, 1).flatten(), _type.shape[0]).to(torch.ScalarType.Float32);
            x = x + types.mm(_type);
        }

        x = x.view(examples, length, -1) + _position.narrow(0, 0, length);
        return mode.Drop(Normalize(x, _embeddingNorm), 0);
    }

    private torch.Tensor Encode(EncoderLayer layer, int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode)
    {
        torch.Tensor attended = Linear(Attend(layer, block, x, inputs, mode), layer.AttentionOutput);
        attended = _config.Distilled ? attended : mode.Drop(attended, block);
        torch.Tensor middle = Normalize(attended + x, layer.AttentionNorm);
        torch.Tensor inner = Activate(Linear(middle, layer.Intermediate));
        return Normalize(mode.Drop(Linear(inner, layer.Output), block) + middle, layer.OutputNorm);
    }

    private torch.Tensor Attend(EncoderLayer layer, int block, torch.Tensor x, torch.Tensor inputs, ForwardMode mode)
    {
        torch.Tensor query = Heads(Linear(x, layer.Query)), key = Heads(Linear(x, layer.Key)), value = Heads(Linear(x, layer.Value));

        // [n, 1, 1, length]: every head and every token attends to the same tokens, those that are no padding.
        torch.Tensor attended = inputs.select(1, 0).ne(_config.Text!.PadId).unsqueeze(1).unsqueeze(1);
        torch.Tensor values = Precision.IsReduced || (mode.Dropout > 0 && mode.Trains(block))
            ? AttendInSteps(query, key, value, attended, block, mode)
            : F.scaled_dot_product_attention(query, key, value, attended);
        return values.transpose(1, 2).reshape(x.shape);
    }

    // The same in steps: with dropout a tenth shorter than the library's function on a processor; in bfloat16 the library
    // does not say what its softmax computes in, and here it is float32.
    private torch.Tensor AttendInSteps(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor attended, int block, ForwardMode mode)
    {
        long length = query.shape[2], width = query.shape[3];
        torch.Tensor scores = Precision.Product((query * (1 / Math.Sqrt(width))).reshape(-1, length, width), key.reshape(-1, length, width).transpose(1, 2));
        torch.Tensor shares = scores.view(-1, query.shape[1], length, length).masked_fill(attended.logical_not(), double.NegativeInfinity).softmax(-1);
        return Precision.Product(mode.Drop(shares, block).view(-1, length, length), value.reshape(-1, length, width)).view(query.shape);
    }

    // [n, length, hidden] to [n, heads, length, hidden / heads].
    private torch.Tensor Heads(torch.Tensor x) => x.view(x.shape[0], x.shape[1], _config.Heads, -1).transpose(1, 2);

    private torch.Tensor Activate(torch.Tensor x) => _config.Activation switch
    {
        "gelu" => x.gelu(),
        "relu" => x.relu_(),
        "gelu_new" => GeluByTanh(x),
        _ => throw new InvalidOperationException($"Unknown activation {_config.Activation}."),
    };

    // Hendrycks and Gimpel, 2016: the approximation of section 2.
    private static torch.Tensor GeluByTanh(torch.Tensor x) => 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh());

    private torch.Tensor Normalize(torch.Tensor x, Affine norm) => F.layer_norm(x, _normShape, norm.Weight, norm.Bias, _config.NormEpsilon);

    private torch.Tensor Linear(torch.Tensor x, Affine layer) => Precision.Linear(x, layer.Weight, layer.Bias);

    private Affine Affine(string name) => new(this[$"{name}.weight"], this[$"{name}.bias"]);
}
