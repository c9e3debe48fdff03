using System.Text.Json.Nodes;
using HyperSearch.Training.ModelFamilies;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// How an image becomes a square, by the rules of the libraries that the model comes from: the shorter side is brought
/// to a length and the middle is cut out. Where no file says otherwise, that length is the size itself, so that nothing
/// of a square image is lost.
/// </summary>
internal static class ImageFit
{
    // From this size on, ConvNeXt's processor of transformers stretches and cuts nothing.
    private const int Stretched = 384;

    /// <summary>Length of the shorter side before the middle is cut out; 0 stretches the image to the size.</summary>
    /// <param name="config">The model's configuration with what its files say.</param>
    /// <param name="size">Height and width that the model is given; a longer side grows with it.</param>
    public static int ShortSide(ModelConfig config, int size)
    {
        ImageInput images = config.Images!;
        if (images.Source is not { } processor)
        {
            double share = Number((config.Source["pretrained_cfg"] as JsonObject)?["crop_pct"]) ?? 1;
            return share is > 0 and <= 1 ? (int)(size / share) : size;
        }

        JsonNode? sides = processor["size"];
        bool crops = processor["crop_size"] is not null && Flag(processor["do_center_crop"]) != false;
        if (Number(processor["crop_pct"]) is { } part and > 0 and <= 1)
        {
            return size < Stretched ? (int)(size / part) : 0;
        }

        double? side = Number(sides) ?? Number((sides as JsonObject)?["shortest_edge"]);
        return crops && side >= images.Size ? (int)(size * side.Value / images.Size)
            : !crops && (sides as JsonObject)?["height"] is not null ? 0
            : size;
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static bool? Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;
}
