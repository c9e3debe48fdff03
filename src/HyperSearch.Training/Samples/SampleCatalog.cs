namespace HyperSearch.Training.Samples;

/// <summary>The data and weights that ship with the program: dataset <c>fashion-mnist-sample</c>, weights <c>convnet</c>.</summary>
public static class SampleCatalog
{
    /// <summary>The folder beside the running program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Samples");

    /// <summary>Fashion-MNIST in small: ten classes, 500 training, 1,000 validation, 1,000 test images, format idx.</summary>
    public static string FashionMnistSample { get; } = Path.Combine(Folder, "fashion-mnist-sample");

    /// <summary>Weights of the convnet family, pretrained on five classes of Fashion-MNIST.</summary>
    public static string Convnet { get; } = Path.Combine(Folder, "convnet");
}
