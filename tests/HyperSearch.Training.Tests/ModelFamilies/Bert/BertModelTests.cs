using System.Text.Json;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Bert;
using HyperSearch.Training.Safetensors;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HyperSearch.Training.Tests.ModelFamilies.Bert;

/// <summary>Against PyTorch itself: ModelFamilies/Reference/make-bert-reference.py wrote what is compared with.</summary>
public sealed class BertModelTests(ITestOutputHelper output) : IDisposable
{
    private static readonly ModelFamily family = ModelFamilyCatalog.Bert with { Blocks = 3 };

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    [Theory]
    [InlineData("bert", "gelu")]
    [InlineData("bert", "relu")]
    [InlineData("bert", "gelu_new")]
    [InlineData("distilbert", "gelu")]
    [InlineData("distilbert", "relu")]
    public void Forward_InEvaluation_GivesPyTorchsLogits(string kind, string activation)
    {
        string folder = Copy(kind);
        Replace(folder, "\"gelu\"", $"\"{activation}\"");
        using TrainableModel model = ModelLoader.AsExported(family, folder, torch.CPU);
        using IDisposable noGrad = torch.no_grad();
        JsonElement reference = Reference(kind);

        torch.Tensor logits = model.Forward(Inputs(reference), ForwardMode.Evaluation);

        double difference = Difference(logits, Matrix(reference.GetProperty("logits").GetProperty(activation)));
        output.WriteLine($"{kind} {activation}: forward {difference:0.0e0}");
        difference.ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData("bert", 0)]
    [InlineData("bert", 1e-30)] // Drops nothing, by the way that attention with dropout takes.
    [InlineData("distilbert", 0)]
    [InlineData("distilbert", 1e-30)]
    public void Train_OneStep_GivesPyTorchsLossAndGradients(string kind, double dropout)
    {
        using TrainableModel model = ModelLoader.AsExported(family, Copy(kind), torch.CPU);
        JsonElement reference = Reference(kind);
        model.Thaw(0);

        torch.Tensor logits = model.Forward(Inputs(reference), new(Training: true, 0, dropout));
        torch.Tensor loss = F.cross_entropy(logits, torch.tensor(reference.GetProperty("labels").Deserialize<long[]>()!));
        model.Backward(loss);

        Difference(logits, Matrix(reference.GetProperty("training_logits"))).ShouldBeLessThan(1e-5);
        loss.item<float>().ShouldBe(reference.GetProperty("loss").GetSingle(), 1e-5f);
        using SafetensorsFile gradients = SafetensorsFile.Open(Path.Combine(Source(kind), "gradients.safetensors"));
        double largest = model.Gradients.abs().max().item<float>(), worst = 0;
        foreach (TensorSpec spec in model.Layout.Specs)
        {
            torch.Tensor expected = torch.zeros(spec.Shape.AsSpan());
            gradients.CopyTo(spec.Name, expected);

            // A key's bias shifts all scores of a token alike: its gradient is zero but for rounding.
            double scale = Math.Max(expected.abs().max().item<float>(), 1e-3 * largest);
            double difference = (model[spec.Name].grad! - expected).abs().max().item<float>() / scale;
            difference.ShouldBeLessThan(1e-4, spec.Name);
            worst = Math.Max(worst, difference);
        }

        output.WriteLine($"{kind}: gradients {worst:0.0e0}");
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("distilbert")]
    public void Forward_MorePadding_ChangesNothing(string kind)
    {
        using TrainableModel model = ModelLoader.AsExported(family, Copy(kind), torch.CPU);
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor inputs = Inputs(Reference(kind)).narrow(0, 1, 3).narrow(2, 0, 20); // The longest of them has 20 tokens.
        torch.Tensor padded = torch.zeros([3, 2, 40], dtype: torch.ScalarType.Int64);
        padded.narrow(2, 0, 20).copy_(inputs);

        torch.Tensor plain = model.Forward(inputs, ForwardMode.Evaluation), trimmed = model.Forward(padded, ForwardMode.Evaluation);
        model.TrimsPadding = false;
        torch.Tensor whole = model.Forward(padded, ForwardMode.Evaluation);

        trimmed.bytes.SequenceEqual(plain.bytes).ShouldBeTrue();
        Difference(whole, plain).ShouldBeLessThan(1e-6);
        model.Features(padded, 0, 2, padded, ForwardMode.Evaluation).shape.ShouldBe([3, 40, 32]);
    }

    [Fact]
    public void Forward_OfOneText_DoesNotDependOnTheRestOfItsBatch()
    {
        using TrainableModel model = ModelLoader.AsExported(family, Copy("bert"), torch.CPU);
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor inputs = Inputs(Reference("bert")), all = model.Forward(inputs, ForwardMode.Evaluation);

        for (int row = 0; row < inputs.shape[0]; row++)
        {
            torch.Tensor alone = model.Forward(inputs.narrow(0, row, 1), ForwardMode.Evaluation);
            Difference(alone, all.narrow(0, row, 1)).ShouldBeLessThan(2e-6);
        }
    }

    [Fact]
    public void Forward_Dropout_ActsOnlyBehindFrozenBlocks()
    {
        using TrainableModel model = ModelLoader.AsExported(family, Copy("bert"), torch.CPU);
        using IDisposable noGrad = torch.no_grad();
        torch.Tensor inputs = Inputs(Reference("bert"));
        byte[] Enters(int block, ForwardMode mode) => [.. model.Features(inputs, 0, block, inputs, mode).contiguous().bytes];

        for (int frozen = 0; frozen <= 3; frozen++)
        {
            ForwardMode mode = new(Training: true, frozen, Dropout: 0.3);
            for (int block = 1; block <= 3; block++)
            {
                Enters(block, mode).AsSpan().SequenceEqual(Enters(block, ForwardMode.Evaluation)).ShouldBe(block <= frozen, $"{frozen} frozen, block {block}");
            }
        }
    }

    [Theory]
    [InlineData("bert", "bert.", false)]
    [InlineData("bert", "", true)]
    [InlineData("bert", "bert.", true)]
    [InlineData("distilbert", "distilbert.", false)]
    public void Load_NamesWithoutPrefixOrFromBefore2019_GivesTheSameModelInTodaysNames(string kind, string prefix, bool old)
    {
        string folder = Copy(kind);
        using TrainableModel model = ModelLoader.AsExported(family, folder, torch.CPU);
        string Renamed(string name)
        {
            string bare = prefix.Length > 0 && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
            return old ? bare.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal) : bare;
        }

        torch.Tensor unused = torch.zeros(2);
        string[] ignored = ["cls.predictions.bias", "vocab_projector.bias", prefix + "embeddings.position_ids"];
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), model.Layout.Specs
            .Select(s => KeyValuePair.Create(Renamed(s.Name), model[s.Name])).Concat(ignored.Select(n => KeyValuePair.Create(n, unused))));

        using TrainableModel loaded = ModelLoader.AsExported(family, folder, torch.CPU);

        loaded.Parameters.bytes.SequenceEqual(model.Parameters.bytes).ShouldBeTrue();
        loaded.Naming.ShouldBe(0);
    }

    [Theory]
    [InlineData("bert", "\"gelu\"", "\"silu\"", "hidden_act")]
    [InlineData("distilbert", "\"gelu\"", "\"silu\"", "activation")]
    [InlineData("bert", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "num_attention_heads")]
    [InlineData("distilbert", "\"n_heads\": 4", "\"n_heads\": 5", "n_heads")]
    [InlineData("bert", "\"model_type\": \"bert\"", "\"model_type\": \"roberta\"", "model_type")]
    [InlineData("bert", "\"hidden_act\"", "\"position_embedding_type\": \"relative_key\", \"hidden_act\"", "position_embedding_type")]
    [InlineData("bert", "\"vocab_size\": 100", "\"vocab_size\": 101", "'bert.embeddings.word_embeddings.weight'")]
    public void Load_WhatIsNotComputed_IsNamed(string kind, string old, string fresh, string message)
    {
        string folder = Copy(kind);
        Replace(folder, old, fresh);

        TrainingException exception = Should.Throw<TrainingException>(() => ModelLoader.AsExported(family, folder, torch.CPU));

        exception.Message.ShouldContain(message);
        exception.Message.ShouldContain(folder);
    }

    [Fact]
    public void Files_OfAConfiguration_KeepWhatIsThereAndTheTokenizer()
    {
        string folder = Copy("bert");
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), "[PAD]\n");

        ModelConfig config = ModelLoader.ReadConfig(family, folder) with { Labels = ["ham", "spam"] };
        Dictionary<string, byte[]> files = config.Files().ToDictionary();

        files.Keys.Order().ShouldBe(["config.json", "vocab.txt"]);
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(files["config.json"]);
        json.GetProperty("hidden_dropout_prob").GetDouble().ShouldBe(0.1);
        json.GetProperty("architectures")[0].GetString().ShouldBe("BertForSequenceClassification");
        json.GetProperty("id2label").GetProperty("1").GetString().ShouldBe("spam");
        config.Text.ShouldBe(new TextInput(100, 40, 0, 2));
    }

    [Fact]
    public void Initialize_FromScratch_IsBertsNormalDistribution()
    {
        using TrainableModel model = new BertFamily().Create(ModelLoader.ReadConfig(family, Copy("bert")), torch.CPU);
        model.Initialize(0, 3, 1);

        torch.Tensor words = model["bert.embeddings.word_embeddings.weight"];
        words.std().item<float>().ShouldBe(0.02f, 0.001f);
        words.mean().item<float>().ShouldBe(0, 0.001f);
        model["bert.encoder.layer.1.output.LayerNorm.weight"].data<float>().ShouldAllBe(v => v == 1);
        model["bert.encoder.layer.1.output.dense.bias"].data<float>().ShouldAllBe(v => v == 0);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static string Source(string kind) => Path.Combine(AppContext.BaseDirectory, "ModelFamilies", "Reference", kind);

    private static JsonElement Reference(string kind) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Source(kind), "reference.json")));

    private static torch.Tensor Inputs(JsonElement reference)
    {
        torch.Tensor Rows(string name) => torch.stack(reference.GetProperty(name).Deserialize<long[][]>()!.Select(r => torch.tensor(r)));
        return torch.stack([Rows("ids"), Rows("types")], dim: 1);
    }

    private static torch.Tensor Matrix(JsonElement rows) => torch.stack(rows.Deserialize<float[][]>()!.Select(r => torch.tensor(r)));

    private static double Difference(torch.Tensor found, torch.Tensor expected) =>
        ((found - expected).abs().max() / expected.abs().max()).item<float>();

    private static void Replace(string folder, string old, string fresh)
    {
        string path = Path.Combine(folder, "config.json"), text = File.ReadAllText(path);
        text.ShouldContain(old);
        File.WriteAllText(path, text.Replace(old, fresh, StringComparison.Ordinal));
    }

    private string Copy(string kind)
    {
        string folder = Directory.CreateDirectory(_folder[kind]).FullName;
        foreach (string name in (string[])["config.json", "model.safetensors"])
        {
            File.Copy(Path.Combine(Source(kind), name), Path.Combine(folder, name), overwrite: true);
        }

        return folder;
    }
}
