using System.Runtime.InteropServices;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training;

/// <summary>The training loss of batches and its gradients, which are added to those that the model has.</summary>
/// <param name="model">The model.</param>
/// <param name="labelSmoothing">Share of the target that is spread over all classes.</param>
/// <param name="classWeights">Weight of each class; null for one.</param>
internal sealed class LossGradients(TrainableModel model, double labelSmoothing = 0, torch.Tensor? classWeights = null)
{
    /// <summary>Adds the gradients of a batch. Returns the sum of its examples' losses.</summary>
    /// <param name="batch">The examples.</param>
    /// <param name="examples">Examples of the whole optimizer step, by which the gradients are divided.</param>
    /// <param name="mode">How to run.</param>
    public double Add(Batch batch, int examples, ForwardMode mode)
    {
        using torch.Tensor logits = model.Forward(batch, mode);
        using torch.Tensor loss = F.cross_entropy(logits, batch.Labels, classWeights, reduction: torch.nn.Reduction.Sum, label_smoothing: labelSmoothing);
        using torch.Tensor mean = loss.div(examples);
        model.Backward(mean);

        // The library's own way to read a number allocates.
        return loss.device_type == DeviceType.CPU ? MemoryMarshal.Read<float>(loss.bytes) : loss.item<float>();
    }
}
