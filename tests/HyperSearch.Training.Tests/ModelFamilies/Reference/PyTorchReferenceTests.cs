using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.Tests.ModelFamilies.Reference;

/// <summary>Every image family against PyTorch itself: what make-reference.py wrote.</summary>
public sealed class PyTorchReferenceTests(ITestOutputHelper output)
{
    private const double ForwardTolerance = 1e-5;
    private const double GradientTolerance = 1e-4;

    private static readonly string[] Models = ["convnet", "resnet18", "resnet34", "resnet50", "mobilenet_v2", "mobilenet_v2-same", "mobilenet_v2-folded"];
    private static readonly string[] Modes = ["eval", "train", "frozen"];

    public static TheoryData<string, string> Cases => new(Models.SelectMany(model => Modes.Select(mode => (model, mode))));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_EachMode_AgreesWithPyTorch(string name, string mode)
    {
        TorchRuntime.UseThreads(1);
        using ReferenceCase reference = new(name);
        using TrainableModel model = ModelLoader.AsExported(ModelFamilyCatalog.Find(name.Split('-')[0])!, reference.Folder, torch.CPU);
        using DisposeScope scope = torch.NewDisposeScope();
        ForwardMode forward = mode switch
        {
            "eval" => ForwardMode.Evaluation,
            "train" => new(Training: true, FrozenBlocks: 0, Dropout: 0),
            _ => new(Training: true, FrozenBlocks: 2, Dropout: 0),
        };
        model.Thaw(forward.FrozenBlocks);

        torch.Tensor logits = model.Forward(ReferenceCase.Images(model.Config.Images!), forward);
        torch.Tensor loss = F.cross_entropy(logits, torch.arange(logits.size(0)) % logits.size(1));
        model.Backward(loss);

        Dictionary<string, double> forwards = new()
        {
            ["logits"] = reference.Error($"{mode}.logits", logits),
            ["loss"] = reference.Error($"{mode}.loss", loss),
        };
        Dictionary<string, double> gradients = [];
        double whole = reference.Norm(reference.Names($"{mode}.gradients."));
        foreach ((TensorSpec spec, torch.Tensor view) in model.Layout.Views(model.Gradients, model.Buffers))
        {
            string buffer = $"{mode}.buffers.{spec.Name}", gradient = $"{mode}.gradients.{spec.Name}";
            if (reference.Names(buffer).Any())
            {
                forwards[spec.Name] = reference.Error(buffer, view);
            }
            else if (reference.Names(gradient).Any())
            {
                gradients[spec.Name] = reference.Error(gradient, view, whole);
            }
        }

        // With frozen blocks the reference holds what belongs to them and to the first block behind.
        TensorSpec[] held = [.. model.Layout.Specs.Where(s => mode != "frozen" || s.Block <= forward.FrozenBlocks)];
        gradients.Keys.ShouldBe(held.Where(s => s.Role != TensorRole.Buffer && s.Block >= forward.FrozenBlocks).Select(s => s.Name), ignoreOrder: true);
        forwards.Count.ShouldBe(2 + (forward.Training ? held.Count(s => s.Role == TensorRole.Buffer) : 0));

        output.WriteLine($"{name} {mode}: forward {forwards.Values.Max():0.0e0}, gradients {gradients.Values.Max():0.0e0} ({gradients.MaxBy(g => g.Value).Key})");
        forwards.ShouldAllBe(e => e.Value < ForwardTolerance);
        gradients.ShouldAllBe(e => e.Value < GradientTolerance);
    }
}
