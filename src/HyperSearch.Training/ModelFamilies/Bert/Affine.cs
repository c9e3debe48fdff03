using TorchSharp;

namespace HyperSearch.Training.ModelFamilies.Bert;

/// <summary>Weight and bias of a linear layer or of a layer norm; the tensors stay the model's.</summary>
internal readonly record struct Affine(torch.Tensor Weight, torch.Tensor Bias);
