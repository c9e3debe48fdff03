using System.Globalization;
using System.Text.Json;
using HyperSearch.Training.Metrics;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.Optimization;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Checkpoints;

/// <summary>Writes checkpoints: into a temporary folder, every file flushed to disk, then one rename.</summary>
internal sealed class CheckpointWriter(string root, TrainableModel model, FlatOptimizer optimizer, BestTracker best)
{
    /// <summary>Writes the checkpoint of an epoch; an older one of the same epoch is replaced.</summary>
    /// <param name="state">What to go on with.</param>
    /// <param name="card">Text of the exported model's README.md.</param>
    /// <exception cref="IOException">The folder cannot be written; names it. It is the machine that fails, not the trial.</exception>
    public CheckpointFolder Write(ResumeState state, string card)
    {
        try
        {
            return WriteAll(state, card);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The checkpoint of epoch {state.Epoch} cannot be written to {root}: {exception.Message}", exception);
        }
    }

    private CheckpointFolder WriteAll(ResumeState state, string card)
    {
        string path = Path.Combine(Path.GetFullPath(root), state.Epoch.ToString(CultureInfo.InvariantCulture));
        string partial = path + ".partial";
        Remove(partial);
        Directory.CreateDirectory(Path.Combine(partial, "last"));
        Directory.CreateDirectory(CheckpointLayout.Best(partial));
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            SafetensorsWriter.Write(CheckpointLayout.StateTensors(partial), StateTensors(state.FirstTrainedBlock));
            SafetensorsWriter.Write(Path.Combine(CheckpointLayout.Best(partial), WeightsFolder.SingleFile), best.ExportedTensors());
        }

        DurableFile.Write(CheckpointLayout.State(partial), JsonSerializer.Serialize(state, ResumeState.Json));
        foreach ((string name, byte[] content) in model.Config.Files())
        {
            DurableFile.Write(Path.Combine(CheckpointLayout.Best(partial), name), stream => stream.Write(content));
        }

        if (best.Confusion is { } confusion)
        {
            DurableFile.Write(Path.Combine(CheckpointLayout.Best(partial), ConfusionMatrix.FileName), confusion.ToJson());
        }

        DurableFile.Write(Path.Combine(CheckpointLayout.Best(partial), "README.md"), card);
        Remove(path);
        Directory.Move(partial, path);
        return CheckpointFolder.Open(path);
    }

    private IEnumerable<KeyValuePair<string, torch.Tensor>> StateTensors(int firstTrainedBlock)
    {
        foreach ((TensorSpec spec, torch.Tensor view) in model.Layout.Views(model.Parameters, model.Buffers))
        {
            if (spec.Block >= firstTrainedBlock)
            {
                yield return new(spec.Name, view.cpu());
            }
        }

        for (int i = 0; i < optimizer.Moments.Count; i++)
        {
            yield return new(CheckpointLayout.Moment(i), optimizer.Moments[i].cpu());
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
