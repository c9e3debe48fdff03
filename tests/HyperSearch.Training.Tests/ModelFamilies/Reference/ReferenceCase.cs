using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Tests.ModelFamilies.Reference;

/// <summary>A folder of weights, and what PyTorch computes with them.</summary>
internal sealed class ReferenceCase(string name) : IDisposable
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "ModelFamilies", "Reference");

    private readonly SafetensorsFile _results = SafetensorsFile.Open(Path.Combine(Root, name, "reference.safetensors"));

    /// <summary>The weights folder.</summary>
    public string Folder { get; } = Path.Combine(Root, name);

    /// <summary>The images of a case, in the current dispose scope.</summary>
    public static torch.Tensor Images(ImageInput images)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Root, "inputs.safetensors"));
        torch.Tensor all = torch.empty(file.Find("images")!.Shape.AsSpan());
        file.CopyTo("images", all);
        return all.narrow(1, 0, images.Channels).narrow(2, 0, images.Size).narrow(3, 0, images.Size).contiguous();
    }

    /// <summary>Names of the results whose name begins so.</summary>
    public IEnumerable<string> Names(string start) => _results.Names.Where(n => n.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Euclidean norm of some results together.</summary>
    public double Norm(params IEnumerable<string> results) => Math.Sqrt(results.Sum(r => Math.Pow(Norm(Expected(r)), 2)));

    /// <summary>Norm of the difference over the norm of what PyTorch gave.</summary>
    /// <param name="result">Its name.</param>
    /// <param name="ours">What is compared.</param>
    /// <param name="whole">Norm of all gradients: it divides where a gradient is zero but for rounding, as that of a bias before a norm.</param>
    public double Error(string result, torch.Tensor ours, double whole = 0)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor expected = Expected(result);
        double norm = Norm(expected);
        return Norm(ours - expected) / (norm < 1e-10 * whole ? whole : norm);
    }

    private static double Norm(torch.Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return tensor.to_type(torch.ScalarType.Float64).norm().item<double>();
    }

    private torch.Tensor Expected(string result)
    {
        torch.Tensor expected = torch.empty(_results.Find(result)!.Shape.AsSpan());
        _results.CopyTo(result, expected);
        return expected;
    }

    public void Dispose() => _results.Dispose();
}
