using TorchSharp;

namespace HyperSearch.Training.Tests;

/// <summary>What the tests of the category Gpu need.</summary>
internal static class Gpu
{
    /// <summary>The category's name as a trait.</summary>
    public const string Category = "Gpu";

    /// <summary>Skips the test where there is none.</summary>
    public static void Require() => Assert.SkipUnless(
        torch.cuda.is_available(), "no CUDA device: built with another TorchDevice than cuda, or there is no GPU on this machine");
}
