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

    /// <summary>The images of the case, in the current dispose scope.</summary>
    public static torch.Tensor Images(ImageInput images)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Root, "inputs.safetensors"));
        torch.Tensor all = torch.empty(file.Find("images")!.Shape.AsSpan());
        file.CopyTo("images", all);
        return all.narrow(1, 0, images.Channels).narrow(2, 0, images.Size).narrow(3, 0, images.Size).contiguous();
    }

    /// <summary>Norm of the difference over the norm of what PyTorch gave.</summary>
    public double Error(string result, torch.Tensor ours)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor expected = torch.empty_like(ours);
        _results.CopyTo(result, expected);
        return (ours - expected).to_type(torch.ScalarType.Float64).norm().item<double>() / expected.to_type(torch.ScalarType.Float64).norm().item<double>();
    }

    public void Dispose() => _results.Dispose();
}
