using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>What an image must be for a model: <c>preprocessor_config.json</c> where there is one, else <c>config.json</c> or timm's <c>pretrained_cfg</c> in it.</summary>
internal sealed record ImageInput
{
    public const string PreprocessorFile = "preprocessor_config.json";

    private const int DefaultSize = 224;

    // Numbers that Pillow gives its filters.
    private const int PillowBilinear = 2;
    private const int PillowBicubic = 3;

    /// <summary>Colours of the ImageNet training set, the default of models that were pretrained on it.</summary>
    public static ImageInput ImageNet { get; } = new() { Channels = 3, Size = DefaultSize, Mean = [0.485, 0.456, 0.406], Std = [0.229, 0.224, 0.225] };

    /// <summary>Channels of an image: <c>num_channels</c>.</summary>
    public required int Channels { get; init; }

    /// <summary>Height and width of an image in pixels: <c>image_size</c>.</summary>
    public required int Size { get; init; }

    /// <summary>Mean of each channel, pixels from 0 to 1: <c>image_mean</c>.</summary>
    public required ImmutableArray<double> Mean { get; init; }

    /// <summary>Standard deviation of each channel, pixels from 0 to 1: <c>image_std</c>.</summary>
    public required ImmutableArray<double> Std { get; init; }

    /// <summary>How an image becomes a square.</summary>
    public ImageFit Fit { get; init; } = ImageFit.Plain;

    /// <summary>Bicubic rather than bilinear resizing, both with antialiasing: <c>resample</c> 3, timm's <c>interpolation</c>.</summary>
    public bool Bicubic { get; init; }

    /// <summary>The <c>preprocessor_config.json</c> that was read, or null. It is never changed.</summary>
    public JsonObject? Source { get; init; }

    /// <summary>Reads what a weights folder asks of images.</summary>
    /// <param name="config">Its config.json.</param>
    /// <param name="defaults">For what no file says; null makes every field required.</param>
    /// <exception cref="TrainingException">A field is missing or wrong.</exception>
    public static ImageInput Read(ConfigFile config, ImageInput? defaults)
    {
        ConfigFile? preprocessor = config.Beside(PreprocessorFile), timm = config.Object("pretrained_cfg");
        ImmutableArray<int>? shape = timm?.Ints("input_size", 1, 4096, []) is { Length: 3 } s ? s : null;
        int channels = config.Int("num_channels", 1, 16, shape?[0] ?? defaults?.Channels);
        if (preprocessor is not null)
        {
            CheckRescaling(preprocessor);
        }

        bool plain = preprocessor?.Flag("do_normalize", true) == false;
        ImageInput input = new()
        {
            Channels = channels,
            Size = (preprocessor is null ? null : ImageFit.SizeOf(preprocessor)) ?? config.Int("image_size", 8, 4096, shape?[1] ?? defaults?.Size),
            Mean = PerChannel("image_mean", plain ? 0 : null, timm?.Numbers("mean") ?? defaults?.Mean),
            Std = PerChannel("image_std", plain ? 1 : null, timm?.Numbers("std") ?? defaults?.Std),
            Fit = ImageFit.Read(preprocessor, timm),
            Bicubic = IsBicubic(preprocessor, timm),
            Source = preprocessor?.Json,
        };
        return input.Std.All(d => d > 0) ? input : throw config.Wrong("image_std", "above zero");

        ImmutableArray<double> PerChannel(string name, double? constant, ImmutableArray<double>? otherwise)
        {
            ImmutableArray<double> values = constant is { } c ? [.. Enumerable.Repeat(c, channels)]
                : preprocessor?.Numbers(name) ?? config.Numbers(name) ?? otherwise ?? [];
            return values.Length == channels ? values : throw config.Wrong(name, $"one number for each of {channels} channels");
        }
    }

    /// <summary>Images as a dataset has them, for a model from scratch.</summary>
    /// <exception cref="TrainingException">They are not square.</exception>
    public static ImageInput Of(LabelledDataset dataset)
    {
        long[] shape = dataset.Train.Inputs.shape;
        if (shape[2] != shape[3])
        {
            throw new TrainingException(FailureKind.DatasetError, $"The dataset's images are {shape[2]}x{shape[3]}; this version trains on square ones.");
        }

        (ImmutableArray<double> mean, ImmutableArray<double> std) = PixelStatistics.Of(dataset.Train);
        return new() { Channels = (int)shape[1], Size = (int)shape[2], Mean = mean, Std = std };
    }

    /// <summary>Writes the fields of <c>config.json</c>.</summary>
    public void Write(JsonObject json)
    {
        json["num_channels"] = Channels;
        json["image_size"] = Size;
        json["image_mean"] = List(Mean);
        json["image_std"] = List(Std);
        if (json["pretrained_cfg"] is JsonObject timm)
        {
            timm["input_size"] = new JsonArray(Channels, Size, Size);
        }
    }

    /// <summary>The <c>preprocessor_config.json</c> to write, which says what was done to the images; null where none was read.</summary>
    public JsonObject? Preprocessor()
    {
        if (Source is null)
        {
            return null;
        }

        JsonObject json = (JsonObject)Source.DeepClone();
        json["do_normalize"] = true;
        json["image_mean"] = List(Mean);
        json["image_std"] = List(Std);
        json["resample"] = Bicubic ? PillowBicubic : PillowBilinear;
        Fit.Write(json, Size);
        return json;
    }

    private static void CheckRescaling(ConfigFile file)
    {
        if (!file.Flag("do_rescale", true))
        {
            throw file.Wrong("do_rescale", "true; pixels from 0 to 255 are not computed by this version");
        }

        if (Math.Abs(file.Number("rescale_factor", 0, 1, 1.0 / 255) * 255 - 1) > 1e-3)
        {
            throw file.Wrong("rescale_factor", "1/255; other factors are not computed by this version");
        }
    }

    private static bool IsBicubic(ConfigFile? preprocessor, ConfigFile? timm)
    {
        if (preprocessor is null)
        {
            return timm?.OneOf("interpolation", "bilinear", "bicubic") == "bicubic";
        }

        return preprocessor.Json["resample"] switch
        {
            null => false,
            JsonValue value when value.TryGetValue(out int filter) && filter is (PillowBilinear or PillowBicubic) => filter == PillowBicubic,
            _ => throw preprocessor.Wrong("resample", "2 (bilinear) or 3 (bicubic); other filters are not computed by this version"),
        };
    }

    private static JsonArray List(IEnumerable<double> numbers) => [.. numbers.Select(n => JsonValue.Create(n))];
}
