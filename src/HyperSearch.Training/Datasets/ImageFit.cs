using System.Text.Json.Nodes;
using HyperSearch.Training.ModelFamilies;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// How an image becomes a square, by the rules of the libraries that the model comes from: the shorter side is brought
/// to a length and the middle is cut out. Where no file says otherwise, that length is the size itself, so that nothing
/// of a square image is lost.
/// </summary>
internal abstract record ImageFit
{
    private ImageFit()
    {
    }

    /// <summary>The shorter side becomes the size.</summary>
    public static ImageFit Plain { get; } = new Ratio(1, 1);

    /// <summary>Length of the shorter side before the middle is cut out; 0 stretches the image to the size.</summary>
    /// <param name="size">Height and width that the model is given; a longer side grows with it.</param>
    public abstract int ShortSide(int size);

    /// <summary>Reads what the files of a model say.</summary>
    /// <param name="preprocessor">Its <c>preprocessor_config.json</c>; null without one.</param>
    /// <param name="timm">timm's <c>pretrained_cfg</c>, which counts where there is no preprocessor; null without one.</param>
    /// <exception cref="TrainingException">They ask for what this version does not compute; names file and field.</exception>
    public static ImageFit Read(ConfigFile? preprocessor, ConfigFile? timm)
    {
        if (preprocessor is null)
        {
            timm?.OneOf("crop_mode", "center");
            return timm is null ? Plain : new Share(timm.Number("crop_pct", 0.01, 1, 1), int.MaxValue);
        }

        if (!preprocessor.Flag("do_resize", true))
        {
            throw preprocessor.Wrong("do_resize", "true; images that are left in their own sizes are not computed by this version");
        }

        if (preprocessor.Json["crop_pct"] is not null)
        {
            return new Share(preprocessor.Number("crop_pct", 0.01, 1), Share.ConvNextStretchesFrom);
        }

        bool square = preprocessor.Json["size"] is JsonObject sides && sides["height"] is not null;
        if (CropOf(preprocessor) is not { } crop || preprocessor.Json["size"] is null)
        {
            return square ? new Stretch() : Plain;
        }

        int side = Side(preprocessor, "size");
        return square && side == crop ? new Stretch()
            : square ? throw preprocessor.Wrong("size", "{\"shortest_edge\": ...} or equal to crop_size; a middle cut out of a stretched image is not computed by this version")
            : side >= crop ? new Ratio(side, crop)
            : throw preprocessor.Wrong("size", "at least crop_size; frames around images are not computed by this version");
    }

    /// <summary>Height and width of what a preprocessor leaves: the crop, else the resized image; null where it does not say.</summary>
    public static int? SizeOf(ConfigFile preprocessor) =>
        CropOf(preprocessor) ?? (preprocessor.Json["size"] is null ? null : Side(preprocessor, "size"));

    /// <summary>Writes into a <c>preprocessor_config.json</c> what is done to images of a size.</summary>
    public void Write(JsonObject json, int size)
    {
        int side = ShortSide(size);
        json["size"] = this is Stretch ? Square() : new JsonObject { ["shortest_edge"] = this is Share ? size : side };
        if (this is Ratio)
        {
            json["crop_size"] = Square();
            json["do_center_crop"] = true;
            return;
        }

        json.Remove("crop_size");
        if (this is Stretch)
        {
            json["do_center_crop"] = false;
        }

        JsonObject Square() => new() { ["height"] = size, ["width"] = size };
    }

    private static int? CropOf(ConfigFile file) =>
        file.Json["crop_size"] is not null && file.Json["crop_pct"] is null && file.Flag("do_center_crop", true) ? Side(file, "crop_size") : null;

    // A number, {"shortest_edge"}, or {"height", "width"}.
    private static int Side(ConfigFile file, string field)
    {
        if (file.Json[field] is not JsonObject)
        {
            return file.Int(field, 8, 4096);
        }

        ConfigFile size = file.Object(field)!;
        int height = size.Json["height"] is null ? size.Int("shortest_edge", 8, 4096) : size.Int("height", 8, 4096);
        return size.Int("width", 8, 4096, height) == height ? height : throw file.Wrong(field, "square");
    }

    /// <summary>The shorter side has a fixed ratio to the size: <c>size.shortest_edge</c> to <c>crop_size</c>.</summary>
    /// <param name="Shorter">The shorter side.</param>
    /// <param name="Crop">The size that it belongs to.</param>
    internal sealed record Ratio(int Shorter, int Crop) : ImageFit
    {
        /// <inheritdoc/>
        public override int ShortSide(int size) => (int)((long)size * Shorter / Crop);
    }

    /// <summary>The size is a share of the shorter side: <c>crop_pct</c> of timm and of ConvNeXt's processor in transformers.</summary>
    /// <param name="Part">The share, above 0.</param>
    /// <param name="StretchesFrom">From this size on images are stretched and nothing is cut.</param>
    internal sealed record Share(double Part, int StretchesFrom) : ImageFit
    {
        /// <summary>Where ConvNeXt's processor begins to stretch.</summary>
        public const int ConvNextStretchesFrom = 384;

        /// <inheritdoc/>
        public override int ShortSide(int size) => size < StretchesFrom ? (int)(size / Part) : 0;
    }

    /// <summary>The image is stretched to the size.</summary>
    internal sealed record Stretch : ImageFit
    {
        /// <inheritdoc/>
        public override int ShortSide(int size) => 0;
    }
}
