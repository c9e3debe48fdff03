using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets.Text;
using HyperSearch.Training.ModelFamilies;

namespace HyperSearch.Training.Datasets;

/// <summary>What is made of examples before a model sees them, as far as it can be made once and kept.</summary>
internal abstract record Preprocessing
{
    private const int UsualTextLength = 128;

    private Preprocessing()
    {
    }

    /// <summary>Tells it from every other one: part of the key of decoded data.</summary>
    public abstract string Key { get; }

    /// <summary>What the model of a study asks for.</summary>
    /// <param name="family">Its family.</param>
    /// <param name="weightsFolder">Its weights; null from scratch: then images stay as they are.</param>
    /// <param name="options">What the study asks for.</param>
    /// <param name="format">Format of the data.</param>
    /// <exception cref="TrainingException">The model cannot take such data, or its files are damaged.</exception>
    public static Preprocessing Of(ModelFamily family, string? weightsFolder, DatasetOptions options, string format)
    {
        if (weightsFolder is null)
        {
            return DatasetFormat.IsText(format)
                ? throw new TrainingException(FailureKind.BadParameters, $"The dataset has texts ({format}), and a model for texts starts from a weights folder: its vocabulary says what the token ids mean.")
                : new Images(null, options.ImageSize, null);
        }

        return Of(ModelLoader.ReadConfig(family, weightsFolder), weightsFolder, options, format);
    }

    /// <summary>What a model with a configuration asks for.</summary>
    /// <inheritdoc cref="Of(ModelFamily, string?, DatasetOptions, string)"/>
    public static Preprocessing Of(ModelConfig config, string weightsFolder, DatasetOptions options, string format)
    {
        if (DatasetFormat.IsText(format) != config.Text is not null)
        {
            throw new TrainingException(FailureKind.BadParameters, $"The dataset has {(config.Text is null ? "texts" : "images")} ({format}), the model in {weightsFolder} takes {(config.Text is null ? "images" : "texts")}.");
        }

        if (config.Text is not { } text)
        {
            ImageInput images = config.Images!;
            if (images.Channels is not (1 or 3))
            {
                throw new TrainingException(FailureKind.BadParameters, $"The model in {weightsFolder} takes images of {images.Channels} channels; grey (1) and colour (3) are decoded.");
            }

            int size = options.ImageSize ?? images.Size;
            return new Images(images.Channels, size, images.Fit.ShortSide(size), images.Bicubic);
        }

        if (options.MaxLength is { } asked && asked > text.MaxLength)
        {
            throw new TrainingException(FailureKind.BadParameters, $"max_length {asked} is above the {text.MaxLength} tokens that the model in {weightsFolder} takes.");
        }

        WordPieceEncoder encoder = WordPieceEncoder.Read(weightsFolder);
        return encoder.PaddingId == text.PadId
            ? new Texts(encoder, Math.Min(options.MaxLength ?? UsualTextLength, text.MaxLength))
            : throw new TrainingException(FailureKind.DatasetError, $"{Path.Combine(weightsFolder, ModelConfig.FileName)}: pad_token_id is {text.PadId}{(config.Source["pad_token_id"] is null ? " (not given)" : "")}, but the padding token has the id {encoder.PaddingId} in {TokenizerFiles.VocabularyOf(weightsFolder)}: padding would be read as text.");
    }

    /// <summary>Images as bytes.</summary>
    /// <param name="Channels">1 or 3; null as they are.</param>
    /// <param name="Size">Height and width; null as they are.</param>
    /// <param name="ShortSide">Length of the shorter side before the middle is cut out; 0 stretches to the size, null is the size.</param>
    /// <param name="Bicubic">Resized by the bicubic filter instead of the bilinear one.</param>
    internal sealed record Images(int? Channels, int? Size, int? ShortSide, bool Bicubic = false) : Preprocessing
    {
        /// <inheritdoc/>
        public override string Key => FormattableString.Invariant($"images {Channels} {Size} {ShortSide ?? Size} {(Bicubic ? "bicubic" : "bilinear")}");
    }

    /// <summary>Texts as token ids and types.</summary>
    /// <param name="Encoder">The model's tokenizer.</param>
    /// <param name="Length">Tokens of every example, padding included.</param>
    internal sealed record Texts(WordPieceEncoder Encoder, int Length) : Preprocessing
    {
        /// <inheritdoc/>
        public override string Key => FormattableString.Invariant($"texts {Encoder.Hash} {Length}");
    }
}
