using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training;
using HyperSearch.Training.Datasets.Text;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Bert;
using HyperSearch.Training.Optimization;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Benchmarks.Pretraining;

/// <summary>
/// Pretrains a small BERT on texts by masked language modelling and writes it as a folder that the family <c>bert</c>
/// starts from. A fiftieth of the texts is held out to tell how well it guesses.
/// </summary>
internal sealed class TextPretraining(PretrainingSettings settings, TimeProvider time, Action<string> log)
{
    private const string Texts = "unlabelled.jsonl";
    private const int HeldOutOneIn = 50;
    private const int SpecialTokens = 5;
    private const int LeastTokens = 8;
    private const double WarmUp = 0.1;

    /// <summary>Pretrains.</summary>
    /// <param name="folder">Has <c>unlabelled.jsonl</c>: a line for each text, {"text": "..."}.</param>
    /// <param name="target">The folder to write: config.json, model.safetensors, vocab.txt, tokenizer_config.json.</param>
    /// <returns>Mean loss of the guesses on the held-out texts, before and after.</returns>
    public (double Before, double After) Run(string folder, string target)
    {
        TorchRuntime.UseThreads(settings.Threads);
        string[] texts = [.. File.ReadLines(Path.Combine(folder, Texts)).Select(l => JsonSerializer.Deserialize<JsonElement>(l).GetProperty("text").GetString()!)];
        Directory.CreateDirectory(target);
        WordPieceEncoder encoder = MakeTokenizer(texts, target);
        int[][] pieces = [.. texts.SelectMany(t => Cut(encoder, t))];
        SeededGenerator generator = Seeds.Generator(settings.Seed, SeedPurpose.Split);
        generator.Shuffle<int[]>(pieces);
        int heldOut = Math.Max(1, pieces.Length / HeldOutOneIn);
        log($"{texts.Length} texts, {encoder.Vocabulary.Count} pieces, {pieces.Length - heldOut} inputs of {settings.Length} tokens and {heldOut} held out");

        using MaskedLanguageModel model = new(Config(encoder), Seeds.Derive(settings.Seed, SeedPurpose.Weights));
        double before = Score(model, encoder, pieces[..heldOut]);
        Train(model, encoder, pieces[heldOut..]);
        double after = Score(model, encoder, pieces[..heldOut]);
        log($"held-out loss {before:0.000} before, {after:0.000} after");
        SafetensorsWriter.Write(Path.Combine(target, WeightsFolder.SingleFile), model.Trained());
        File.WriteAllText(Path.Combine(target, ModelConfig.FileName), model.Encoder.Config.ToJson());
        return (before, after);
    }

    private WordPieceEncoder MakeTokenizer(string[] texts, string target)
    {
        BertWords words = new(lowerCase: true, stripAccents: true, splitChinese: true);
        IReadOnlyList<string> vocabulary = VocabularyTrainer.Train(texts.Select(t => words.Split(t)), settings.Vocabulary);
        File.WriteAllText(Path.Combine(target, TokenizerFiles.VocabularyFile), string.Join('\n', vocabulary) + "\n");
        File.WriteAllText(Path.Combine(target, TokenizerFiles.SettingsFile), $$"""
            { "tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": {{settings.Length}} }

            """);
        return WordPieceEncoder.Read(target);
    }

    /// <summary>A text as inputs of the full length: [CLS], tokens, [SEP], padding. A short rest is left out.</summary>
    private IEnumerable<int[]> Cut(WordPieceEncoder encoder, string text) => encoder.Pieces(text).Chunk(settings.Length - 2)
        .Where(chunk => chunk.Length >= LeastTokens)
        .Select(chunk => (int[])[encoder.Id("[CLS]"), .. chunk, encoder.Id("[SEP]"), .. Enumerable.Repeat((int)encoder.PaddingId, settings.Length - 2 - chunk.Length)]);

    private BertConfig Config(WordPieceEncoder encoder) => new()
    {
        Labels = ["LABEL_0", "LABEL_1"],
        Text = new(encoder.Vocabulary.Count, settings.Length, (int)encoder.PaddingId, 2),
        HiddenSize = settings.Hidden,
        Layers = settings.Layers,
        Heads = Math.Max(1, settings.Hidden / 64),
        IntermediateSize = 4 * settings.Hidden,
    };

    private void Train(MaskedLanguageModel model, WordPieceEncoder encoder, int[][] inputs)
    {
        using FlatOptimizer optimizer = FlatOptimizer.Create(model.Encoder,
            ModelFamilyCatalog.Bert.Defaults.With(HyperparameterCatalog.WeightDecay, 0.01).With(HyperparameterCatalog.Dropout, settings.Dropout), maxGradNorm: 1);
        optimizer.Thaw(0);
        torch.manual_seed((long)Seeds.Derive(settings.Seed, SeedPurpose.Dropout));
        SeededGenerator generator = Seeds.Generator(settings.Seed, SeedPurpose.Order);
        long start = time.GetTimestamp();
        double sum = 0;
        int step = 0, at = inputs.Length, size = Math.Min(settings.BatchSize, inputs.Length);
        while (Progress(step, start) is var progress and < 1)
        {
            if (at + size > inputs.Length)
            {
                generator.Shuffle<int[]>(inputs);
                at = 0;
            }

            using DisposeScope scope = torch.NewDisposeScope();
            sum += Step(model, optimizer, Batch(encoder, inputs[at..(at + size)], ref generator), settings.Rate * Math.Min(progress / WarmUp, (1 - progress) / (1 - WarmUp)));
            at += size;
            if (++step % 200 == 0)
            {
                log($"step {step}, {time.GetElapsedTime(start).TotalSeconds:0} s, loss {sum / 200:0.000}");
                sum = 0;
            }
        }
    }

    /// <summary>From 0 at the start to 1 at the end.</summary>
    private double Progress(int step, long start)
    {
        if (settings.Steps is { } steps)
        {
            return step < steps ? (step + 1.0) / (steps + 1) : 1;
        }

        return settings.Time > TimeSpan.Zero ? Math.Min(1, time.GetElapsedTime(start) / settings.Time) : 1;
    }

    private double Step(MaskedLanguageModel model, FlatOptimizer optimizer, MaskedBatch batch, double rate)
    {
        optimizer.ZeroGradients();
        torch.Tensor loss = model.Loss(batch, new(Training: true, 0, settings.Dropout));
        model.Encoder.Backward(loss);
        optimizer.Step(rate);
        return loss.item<float>();
    }

    private double Score(MaskedLanguageModel model, WordPieceEncoder encoder, int[][] inputs)
    {
        SeededGenerator generator = Seeds.Generator(settings.Seed, SeedPurpose.TrainSample);
        using IDisposable noGrad = torch.no_grad();
        double sum = 0;
        long guesses = 0;
        foreach (int[][] chunk in inputs.Chunk(settings.BatchSize))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            MaskedBatch batch = Batch(encoder, chunk, ref generator);
            long asked = batch.Targets.shape[0];
            sum += asked == 0 ? 0 : asked * model.Loss(batch, ForwardMode.Evaluation).item<float>();
            guesses += asked;
        }

        return sum / guesses;
    }

    private static MaskedBatch Batch(WordPieceEncoder encoder, IReadOnlyList<int[]> texts, ref SeededGenerator generator) =>
        MaskedBatch.Make(texts, SpecialTokens, encoder.Id("[MASK]"), encoder.Vocabulary.Count, ref generator);
}
