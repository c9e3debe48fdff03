using System.Diagnostics;
using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training;
using HyperSearch.Training.Datasets;
using SkiaSharp;

namespace HyperSearch.Benchmarks.Input;

/// <summary>What it costs to decode an image folder, cold and kept, and how long a training waits for its batches.</summary>
/// <param name="write">Takes a line of the result.</param>
internal sealed class InputPipeline(Action<string> write) : ITrainingObserver
{
    /// <summary>Makes an image folder from an IDX dataset and trains on it.</summary>
    /// <param name="idxFolder">The dataset, such as Debian's Fashion-MNIST.</param>
    /// <param name="images">Training images to take; a tenth more for validation.</param>
    public void Run(string idxFolder, int images)
    {
        string work = Directory.CreateTempSubdirectory("hypersearch-input-").FullName;
        try
        {
            MakeFolder(idxFolder, Path.Combine(work, "data"), images);
            foreach (int size in new[] { 28, 64 })
            {
                Measure(work, size, images);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    void ITrainingObserver.Started(TrainingFacts facts) => write($"  {facts.Threads} thread, {facts.Cpu}, libtorch {facts.Libtorch}");

    void ITrainingObserver.Reported(EpochReport report) => write(FormattableString.Invariant($"  epoch {report.Epoch}: {report.ExamplesPerSecond:F0} examples/s"));

    void ITrainingObserver.CheckpointWritten(CheckpointFolder checkpoint)
    {
    }

    void ITrainingObserver.BatchFinished()
    {
    }

    void ITrainingObserver.DataWaited(int epoch, TimeSpan waited, TimeSpan trained) =>
        write(FormattableString.Invariant($"  epoch {epoch}: waited {100 * (waited / trained):F2} % of {trained.TotalSeconds:F1} s"));

    private void Measure(string work, int size, int images)
    {
        TrainingRequest request = new()
        {
            Family = ModelFamilyCatalog.Convnet,
            Dataset = new()
            {
                Folder = Path.Combine(work, "data"),
                Format = DatasetFormat.ImageFolder,
                Options = new() { ImageSize = size },
                CacheFolder = Path.Combine(work, "cache"),
            },
            Parameters = ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.Epochs, 2),
            Objective = new(),
            Seed = 1,
            FromEpoch = 0,
            ToEpoch = 2,
            CheckpointRoot = Path.Combine(work, $"trial-{size}"),
            Augmentation = "light",
        };
        write($"{images} images of {size}x{size} in colour");
        double cold = Decode(request), kept = Decode(request);
        write(FormattableString.Invariant($"  decoded in {cold:F2} s ({1.1 * images / cold:F0} images/s on {Environment.ProcessorCount} cores), opened again in {kept:F2} s"));
        FineTuning.Train(request, this, StopSignals.None);
    }

    private static double Decode(TrainingRequest request)
    {
        DatasetCache.Clear();
        long start = Stopwatch.GetTimestamp();
        DatasetCache.Get(request.Dataset, Preprocessing.Of(request.Family, null, request.Dataset.Options, request.Dataset.Format), static () => { }, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void MakeFolder(string idxFolder, string folder, int images)
    {
        (long[] shape, byte[] pixels) = IdxFile.Read(Path.Combine(idxFolder, "train-images-idx3-ubyte.gz"), 3);
        (_, byte[] labels) = IdxFile.Read(Path.Combine(idxFolder, "train-labels-idx1-ubyte.gz"), 1);
        int side = (int)shape[1];
        using SKBitmap bitmap = new(new SKImageInfo(side, side, SKColorType.Gray8, SKAlphaType.Opaque));
        for (int i = 0; i < images + images / 10; i++)
        {
            System.Runtime.InteropServices.Marshal.Copy(pixels, i * side * side, bitmap.GetPixels(), side * side);
            string target = Path.Combine(folder, i < images ? "train" : "validation", labels[i].ToString(CultureInfo.InvariantCulture));
            Directory.CreateDirectory(target);
            using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(Path.Combine(target, $"{i}.png"), png.ToArray());
        }
    }
}
