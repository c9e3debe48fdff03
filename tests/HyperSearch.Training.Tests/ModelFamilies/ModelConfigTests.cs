using System.Text.Json.Nodes;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.MobileNetV2;
using HyperSearch.Training.ModelFamilies.Resnet;

namespace HyperSearch.Training.Tests.ModelFamilies;

/// <summary>Folders as Hugging Face's transformers, timm and torchvision's users have them.</summary>
public sealed class ModelConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Read_HuggingFaceResnet_TakesSizesLabelsAndPreprocessor()
    {
        Write("config.json", """
            {"architectures": ["ResNetForImageClassification"], "depths": [2, 2, 2, 2], "downsample_in_first_stage": false, "embedding_size": 64,
             "hidden_act": "relu", "hidden_sizes": [64, 128, 256, 512], "id2label": {"0": "cat", "1": "dog"}, "label2id": {"cat": 0, "dog": 1},
             "layer_type": "basic", "model_type": "resnet", "num_channels": 3, "torch_dtype": "float32", "transformers_version": "4.30.0"}
            """);
        Write("preprocessor_config.json", """
            {"crop_pct": 0.875, "do_normalize": true, "do_resize": true, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6], "resample": 3, "size": 192}
            """);

        ResnetConfig config = Read(ModelFamilyCatalog.Resnet18).ShouldBeOfType<ResnetConfig>();

        config.Labels.ShouldBe(["cat", "dog"]);
        config.HiddenSizes.ShouldBe([64, 128, 256, 512]);
        (config.Images!.Channels, config.Images.Size).ShouldBe((3, 192));
        config.Images.Mean.ShouldBe([0.1, 0.2, 0.3]);
        config.Images.Std.ShouldBe([0.4, 0.5, 0.6]);
    }

    [Fact]
    public void Files_OfAFolderThatWasRead_KeepWhatIsNotUsedAndReadAgain()
    {
        Write("config.json", """
            {"architectures": ["ResNetForImageClassification"], "depths": [3, 4, 6, 3], "hidden_sizes": [256, 512, 1024, 2048], "layer_type": "bottleneck",
             "model_type": "resnet", "num_labels": 3, "ours": {"x": [1, null]}}
            """);
        Write("preprocessor_config.json", """{"do_center_crop": true, "crop_size": {"height": 224, "width": 224}, "size": {"shortest_edge": 256}, "resample": 2}""");
        ModelConfig config = Read(ModelFamilyCatalog.Resnet50);
        config.Labels.ShouldBe(["LABEL_0", "LABEL_1", "LABEL_2"]);
        config.Images!.Size.ShouldBe(224);

        WriteAll(config with { Labels = ["a", "b"], Images = config.Images with { Size = 96 } });

        JsonNode json = JsonNode.Parse(File.ReadAllText(_folder["config.json"]))!;
        json["ours"]!.ToJsonString().ShouldBe("""{"x":[1,null]}""");
        json["architectures"]![0]!.GetValue<string>().ShouldBe("ResNetForImageClassification");
        json["id2label"]!.ToJsonString().ShouldBe("""{"0":"a","1":"b"}""");
        json["label2id"]!.ToJsonString().ShouldBe("""{"a":0,"b":1}""");
        JsonNode.Parse(File.ReadAllText(_folder["preprocessor_config.json"]))!["resample"]!.GetValue<int>().ShouldBe(2);
        ModelConfig again = Read(ModelFamilyCatalog.Resnet50);
        again.Labels.ShouldBe(["a", "b"]);
        again.Images!.Size.ShouldBe(96);
        again.ToJson().ShouldBe(File.ReadAllText(_folder["config.json"]));
    }

    [Fact]
    public void Read_TimmFolder_TakesItsPretrainedCfg()
    {
        Write("config.json", """
            {"architecture": "resnet18", "num_classes": 4, "num_features": 512,
             "pretrained_cfg": {"input_size": [3, 288, 288], "mean": [0.5, 0.5, 0.5], "std": [0.2, 0.2, 0.2], "classifier": "fc", "crop_pct": 0.95}}
            """);

        ResnetConfig config = Read(ModelFamilyCatalog.Resnet18).ShouldBeOfType<ResnetConfig>();

        (config.Images!.Channels, config.Images.Size, config.Labels.Length).ShouldBe((3, 288, 4));
        config.Images.Mean.ShouldBe([0.5, 0.5, 0.5]);
        config.Depths.ShouldBe([2, 2, 2, 2]);
        config.Bottleneck.ShouldBeFalse();
    }

    [Fact]
    public void Read_TorchvisionResnet_NeedsOnlyTheFamilysName()
    {
        Write("config.json", """{"model_type": "resnet50", "num_labels": 1000}""");

        ResnetConfig config = Read(ModelFamilyCatalog.Resnet50).ShouldBeOfType<ResnetConfig>();

        config.Depths.ShouldBe([3, 4, 6, 3]);
        config.HiddenSizes.ShouldBe([256, 512, 1024, 2048]);
        config.Images.ShouldBe(ImageInput.ImageNet);
    }

    [Fact]
    public void Read_MobileNetOfTransformers_HasTheDefaultsOfTensorFlow()
    {
        Write("config.json", """{"model_type": "mobilenet_v2", "depth_multiplier": 1.4, "num_labels": 1001, "transformers_version": "4.25.0"}""");

        MobileNetV2Config config = Read(ModelFamilyCatalog.MobileNetV2).ShouldBeOfType<MobileNetV2Config>();

        (config.TfPadding, config.NormEpsilon, config.Folded, config.Labels.Length).ShouldBe((true, 1e-3, false, 1001));
        (config.Channels(32), config.Channels(24), config.Channels(1280)).ShouldBe((48, 32, 1792));
    }

    [Fact]
    public void Read_MobileNetOfTimm_HasTheDefaultsOfPyTorch()
    {
        Write("config.json", """{"architecture": "mobilenetv2_100", "num_classes": 1000}""");

        MobileNetV2Config config = Read(ModelFamilyCatalog.MobileNetV2).ShouldBeOfType<MobileNetV2Config>();

        (config.TfPadding, config.NormEpsilon).ShouldBe((false, 1e-5));
    }

    [Theory]
    [InlineData("resnet18", """{"model_type": "resnet", "depths": [3, 4, 6, 3], "layer_type": "basic", "hidden_sizes": [64, 128, 256, 512]}""", "depths 3, 4, 6, 3")]
    [InlineData("resnet18", """{"model_type": "resnet"}""", "layer_type bottleneck")]
    [InlineData("resnet18", """{"model_type": "vit"}""", "this is a 'vit', the study asks for a resnet18")]
    [InlineData("resnet18", """{"architecture": "resnet18d"}""", "this is a 'resnet18d'")]
    [InlineData("resnet18", """{"model_type": "resnet18", "layer_type": "deep"}""", "layer_type")]
    [InlineData("resnet18", """{"model_type": "resnet18", "hidden_act": "gelu"}""", "hidden_act")]
    [InlineData("resnet18", """{"model_type": "resnet18", "downsample_in_first_stage": true}""", "downsample_in_first_stage")]
    [InlineData("resnet50", """{"model_type": "resnet50", "downsample_in_bottleneck": true}""", "downsample_in_bottleneck")]
    [InlineData("resnet50", """{"model_type": "resnet50", "hidden_sizes": [6, 8, 8, 8]}""", "hidden_sizes")]
    [InlineData("resnet18", """{"model_type": "resnet18", "hidden_sizes": [6, 8]}""", "hidden_sizes")]
    [InlineData("resnet18", """{"model_type": "resnet18", "embedding_size": 0}""", "embedding_size")]
    [InlineData("resnet18", """{"model_type": "resnet18", "num_channels": "3"}""", "num_channels")]
    [InlineData("resnet18", """{"model_type": "resnet18", "image_mean": [0.5]}""", "image_mean")]
    [InlineData("resnet18", """{"model_type": "resnet18", "image_std": [1, 0, 1]}""", "image_std")]
    [InlineData("resnet18", """{"model_type": "resnet18", "num_labels": -1}""", "num_labels")]
    [InlineData("resnet18", """{"model_type": "resnet18", "id2label": {"1": "a"}}""", "id2label")]
    [InlineData("resnet18", """{"model_type": "resnet18", "id2label": {"0": 3}}""", "id2label")]
    [InlineData("resnet18", """{"model_type": 18}""", "model_type")]
    [InlineData("resnet18", """{"model_type": "resnet18", "model_type": "resnet18"}""", "model_type")]
    [InlineData("mobilenet_v2", """{"model_type": "mobilenet_v2"}""", "tf_padding")]
    [InlineData("mobilenet_v2", """{"model_type": "mobilenet_v2", "tf_padding": false}""", "layer_norm_eps")]
    [InlineData("mobilenet_v2", """{"model_type": "mobilenet_v2", "tf_padding": 0, "layer_norm_eps": 1e-5}""", "tf_padding")]
    [InlineData("mobilenet_v2", """{"model_type": "mobilenet_v2", "tf_padding": true, "layer_norm_eps": 1e-3, "output_stride": 16}""", "output_stride")]
    [InlineData("mobilenet_v2", """{"model_type": "mobilenet_v2", "tf_padding": true, "layer_norm_eps": 1e-3, "first_layer_is_expansion": false}""", "first_layer_is_expansion")]
    [InlineData("mobilenet_v2", """{"model_type": "mobilenet_v2", "tf_padding": true, "layer_norm_eps": 1e-3, "depth_multiplier": -1}""", "depth_multiplier")]
    public void Read_WrongField_IsADatasetErrorThatNamesIt(string family, string json, string named)
    {
        Write("config.json", json);

        TrainingException exception = Should.Throw<TrainingException>(() => Read(ModelFamilyCatalog.Find(family)!));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(_folder["config.json"]);
        exception.Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("""{"size": {"height": 224, "width": 256}}""", "size must be square")]
    [InlineData("""{"rescale_factor": 0.5}""", "rescale_factor")]
    [InlineData("""{"image_mean": [0.5, "x", 0.5]}""", "image_mean")]
    [InlineData("""{"size": 3}""", "size")]
    [InlineData("""{"size": {"longest_edge": 224}}""", "shortest_edge")]
    [InlineData("""{"size": {"shortest_edge": 192}, "crop_size": 224}""", "size must be at least crop_size")]
    [InlineData("""{"size": {"height": 256, "width": 256}, "crop_size": 224}""", "size must be {\"shortest_edge\": ...}")]
    [InlineData("""{"crop_pct": 1.5, "size": 224}""", "crop_pct")]
    [InlineData("""{"resample": 1}""", "resample must be 2 (bilinear) or 3 (bicubic)")]
    [InlineData("""{"resample": "bicubic"}""", "resample")]
    [InlineData("""{"do_resize": false}""", "do_resize")]
    [InlineData("""{"do_rescale": false}""", "do_rescale")]
    public void Read_WrongPreprocessor_NamesFileAndField(string json, string named)
    {
        Write("config.json", """{"model_type": "resnet18"}""");
        Write("preprocessor_config.json", json);

        string message = Should.Throw<TrainingException>(() => Read(ModelFamilyCatalog.Resnet18)).Message;

        message.ShouldContain(_folder["preprocessor_config.json"]);
        message.ShouldContain(named);
    }

    [Theory]
    [InlineData("""{"interpolation": "lanczos"}""", "interpolation")]
    [InlineData("""{"crop_mode": "squash"}""", "crop_mode")]
    [InlineData("""{"crop_pct": 0}""", "crop_pct")]
    public void Read_TimmFieldThatIsNotComputed_NamesFileAndField(string timm, string named)
    {
        Write("config.json", $$"""{"architecture": "resnet18", "pretrained_cfg": {{timm}}}""");

        string message = Should.Throw<TrainingException>(() => Read(ModelFamilyCatalog.Resnet18)).Message;

        message.ShouldContain(_folder["config.json"]);
        message.ShouldContain(named);
    }

    // The preprocessor (none: timm's or nobody's), what config.json has beside it, how an image of 160 pixels is made, and what is written of it.
    [Theory]
    [InlineData("""{"size": {"shortest_edge": 256}, "crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "resample": 2}""", "", "images 3 160 182 bilinear",
        """{"shortest_edge":182}""")]
    [InlineData("""{"size": 256, "crop_size": 224, "resample": 3}""", "", "images 3 160 182 bicubic", """{"shortest_edge":182}""")]
    [InlineData("""{"size": {"shortest_edge": 224}, "crop_pct": 0.875, "resample": 3}""", "", "images 3 160 182 bicubic", """{"shortest_edge":160}""")]
    [InlineData("""{"size": {"shortest_edge": 384}, "crop_pct": 0.875}""", "", "images 3 160 182 bilinear", """{"shortest_edge":160}""")]
    [InlineData("""{"size": 224, "crop_size": 224, "do_center_crop": false}""", "", "images 3 160 160 bilinear", """{"shortest_edge":160}""")]
    [InlineData("""{"size": {"height": 224, "width": 224}}""", "", "images 3 160 0 bilinear", """{"height":160,"width":160}""")]
    [InlineData("""{"size": {"height": 224, "width": 224}, "crop_size": 224}""", "", "images 3 160 0 bilinear", """{"height":160,"width":160}""")]
    [InlineData("""{"do_normalize": true}""", "", "images 3 160 160 bilinear", """{"shortest_edge":160}""")]
    [InlineData(null, ""","pretrained_cfg": {"input_size": [3, 224, 224], "crop_pct": 0.95, "interpolation": "bicubic"}""", "images 3 160 168 bicubic", null)]
    [InlineData(null, ""","pretrained_cfg": {"input_size": [3, 224, 224]}""", "images 3 160 160 bilinear", null)]
    [InlineData(null, "", "images 3 160 160 bilinear", null)]
    public void Files_OfAnImageSize_AskForWhatTrainingDid(string? preprocessor, string config, string key, string? size)
    {
        Write("config.json", $$"""{"model_type": "resnet18"{{config}}}""");
        if (preprocessor is not null)
        {
            Write("preprocessor_config.json", preprocessor);
        }

        ModelConfig read = Read(ModelFamilyCatalog.Resnet18);
        Key(read, 160).ShouldBe(key);

        WriteAll(read with { Images = read.Images! with { Size = 160 } });

        ModelConfig again = Read(ModelFamilyCatalog.Resnet18);
        Key(again, 160).ShouldBe(key);
        Key(again, null).ShouldBe(key);
        if (preprocessor is not null)
        {
            JsonNode written = JsonNode.Parse(File.ReadAllText(_folder["preprocessor_config.json"]))!;
            written["size"]!.ToJsonString().ShouldBe(size);
            written["resample"]!.GetValue<int>().ShouldBe(key.EndsWith("bicubic", StringComparison.Ordinal) ? 3 : 2);
        }
        else if (JsonNode.Parse(File.ReadAllText(_folder["config.json"]))!["pretrained_cfg"] is { } timm)
        {
            timm["input_size"]!.ToJsonString().ShouldBe("[3,160,160]");
        }
    }

    [Fact]
    public void Read_OtherBlockCount_SaysWhichToName()
    {
        Write("config.json", """{"model_type": "resnet18"}""");

        Should.Throw<TrainingException>(() => Read(ModelFamilyCatalog.Resnet18 with { Blocks = 4 })).Message.ShouldContain("\"blocks\": 5");
    }

    // Parameters that the architectures are published with, for 1,000 classes.
    [Theory]
    [InlineData("resnet18", 11_689_512)]
    [InlineData("resnet34", 21_797_672)]
    [InlineData("resnet50", 25_557_032)]
    public void Tensors_OfTheWholeResnet_HaveThePublishedCount(string family, long parameters)
    {
        Write("config.json", $$"""{"model_type": "{{family}}", "num_labels": 1000}""");

        ResnetPlan plan = new((ResnetConfig)Read(ModelFamilyCatalog.Find(family)!));

        plan.Tensors.Where(t => t.Role != TensorRole.Buffer).Sum(t => t.Elements).ShouldBe(parameters);
    }

    [Fact]
    public void Tensors_OfTheWholeMobileNet_HaveThePublishedCount()
    {
        Write("config.json", """{"architecture": "mobilenetv2_100", "num_classes": 1000}""");

        MobileNetV2Plan plan = new((MobileNetV2Config)Read(ModelFamilyCatalog.MobileNetV2));

        plan.Tensors.Where(t => t.Role != TensorRole.Buffer).Sum(t => t.Elements).ShouldBe(3_504_872);
        plan.Residuals.Count(r => r.Residual).ShouldBe(10);
    }

    [Fact]
    public void Tensors_OfAFoldedMobileNet_HaveThePublishedCountOfItsBackbone()
    {
        Write("config.json", """{"model_type": "mobilenet_v2", "tf_padding": true, "layer_norm_eps": 1e-3, "folded_batch_norm": true}""");

        MobileNetV2Plan plan = new((MobileNetV2Config)Read(ModelFamilyCatalog.MobileNetV2));

        TensorSpec[] backbone = [.. plan.Tensors.Where(t => t.Block < MobileNetV2Plan.Blocks)];
        (backbone.Length, backbone.Sum(t => t.Elements)).ShouldBe((104, 2_206_816));
    }

    [Theory]
    [InlineData("resnet18", "conv1.weight", "resnet.embedder.embedder.convolution.weight")]
    [InlineData("resnet18", "bn1.running_var", "resnet.embedder.embedder.normalization.running_var")]
    [InlineData("resnet18", "layer1.1.conv2.weight", "resnet.encoder.stages.0.layers.1.layer.1.convolution.weight")]
    [InlineData("resnet50", "layer1.0.downsample.0.weight", "resnet.encoder.stages.0.layers.0.shortcut.convolution.weight")]
    [InlineData("resnet50", "layer4.2.bn3.bias", "resnet.encoder.stages.3.layers.2.layer.2.normalization.bias")]
    [InlineData("resnet34", "fc.bias", "classifier.1.bias")]
    [InlineData("mobilenet_v2", "features.0.0.weight", "conv_stem.weight", "mobilenet_v2.conv_stem.first_conv.convolution.weight")]
    [InlineData("mobilenet_v2", "features.1.conv.0.0.weight", "blocks.0.0.conv_dw.weight", "mobilenet_v2.conv_stem.conv_3x3.convolution.weight")]
    [InlineData("mobilenet_v2", "features.1.conv.2.running_mean", "blocks.0.0.bn2.running_mean", "mobilenet_v2.conv_stem.reduce_1x1.normalization.running_mean")]
    [InlineData("mobilenet_v2", "features.2.conv.0.0.weight", "blocks.1.0.conv_pw.weight", "mobilenet_v2.layer.0.expand_1x1.convolution.weight")]
    [InlineData("mobilenet_v2", "features.17.conv.3.weight", "blocks.6.0.bn3.weight", "mobilenet_v2.layer.15.reduce_1x1.normalization.weight")]
    [InlineData("mobilenet_v2", "features.18.1.bias", "bn2.bias", "mobilenet_v2.conv_1x1.normalization.bias")]
    [InlineData("mobilenet_v2", "classifier.1.weight", "classifier.weight", "classifier.weight")]
    public void Names_OfEachNaming_AreTheLibraries(string family, string name, params string[] aliases)
    {
        Write("config.json", family == "mobilenet_v2" ? """{"architecture": "mobilenetv2_100"}""" : $$"""{"model_type": "{{family}}"}""");
        ModelConfig config = Read(ModelFamilyCatalog.Find(family)!);

        IEnumerable<TensorSpec> tensors = config is ResnetConfig resnet ? new ResnetPlan(resnet).Tensors : new MobileNetV2Plan((MobileNetV2Config)config).Tensors;

        tensors.Single(t => t.Name == name).Aliases.ShouldBe(aliases);
    }

    public void Dispose() => _folder.Dispose();

    private ModelConfig Read(ModelFamily family) => ModelLoader.ReadConfig(family, _folder.Path);

    private string Key(ModelConfig config, int? size) => Preprocessing.Of(config, _folder.Path, new() { ImageSize = size }, "image_folder").Key;

    private void Write(string file, string text) => File.WriteAllText(_folder[file], text);

    private void WriteAll(ModelConfig config)
    {
        foreach ((string name, byte[] content) in config.Files())
        {
            File.WriteAllBytes(_folder[name], content);
        }
    }
}
