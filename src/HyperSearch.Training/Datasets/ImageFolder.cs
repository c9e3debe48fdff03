using HyperSearch.Training.TensorCaches;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// A folder for each split and in it a folder for each class: <c>train/shoe/1.jpg</c>, <c>validation/...</c>, <c>test/...</c>.
/// Without folders for splits, <c>shoe/1.jpg</c>, all is trained on. PNG and JPEG, told by their names' endings.
/// </summary>
internal sealed class ImageFolder : IDatasetFormat
{
    private const int Colour = 3;
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg"];

    // To leave them out without a word would train on a part of the data.
    private static readonly string[] OtherImages =
        [".avif", ".bmp", ".gif", ".heic", ".heif", ".jfif", ".jp2", ".jxl", ".pbm", ".pgm", ".ppm", ".tga", ".tif", ".tiff", ".webp"];

    /// <inheritdoc/>
    public bool LabelsArePlaces => false;

    /// <inheritdoc/>
    public DatasetFiles Files(DatasetSource source, SignOfLife life)
    {
        DatasetFiles files = DatasetFiles.ByName(source, life, "PNG or JPEG image", IsImage, SplitOf);
        foreach (DataFile file in files.OfSearch.Where(f => f != files.Labels))
        {
            // Whether it would be meant as a class or to be left out, nobody says.
            int depth = file.Name.Count(c => c == '/');
            if (depth != 2 && (depth != 1 || SplitOf(file) is not null))
            {
                throw DataFaults.Wrong(file, "an image lies in the folder of its class, and that in the folder of its split: train/CLASS/IMAGE");
            }
        }

        return files;

        // The folder alone: a class may be called "test".
        Split? SplitOf(DataFile file) => SplitNames.Of(file.Name.Split('/')[0] + ".", source.Options.Split);
    }

    /// <inheritdoc/>
    public bool IsLabelled(DatasetSource source, IReadOnlyList<DataFile> files) => files.All(f => f.Name.Count(c => c == '/') >= 2);

    /// <inheritdoc/>
    public DecodedSplit Decode(DecodeJob job)
    {
        foreach (DataFile file in job.Files)
        {
            string label = file.Name.Split('/')[^2];
            if (!job.Labels.Add(label))
            {
                throw DataFaults.Wrong(file, $"there is no class {DataFaults.Quote(label)} in the training split");
            }
        }

        Preprocessing.Images wanted = Resolve(job);
        using TensorFileWriter inputs = job.Cache.Add(job.Tensor, torch.ScalarType.Byte, wanted.Channels!.Value, wanted.Size!.Value, wanted.Size.Value);
        int coloured = 0;
        OrderedRows.Write(job.Files.Count, inputs, Fill, job.Alive, job.CancellationToken);
        return new(wanted, Colour: coloured != 0);

        void Fill(int row, Span<byte> target)
        {
            Picture picture = Picture.Read(job.Files[row]);
            if (((Preprocessing.Images)job.Wanted).Size is null && (picture.Width != wanted.Size || picture.Height != wanted.Size))
            {
                throw DataFaults.Wrong(job.Files[row], $"{picture.Width}x{picture.Height} pixels, where the first image has {wanted.Size}x{wanted.Size}; image_size makes them alike");
            }

            picture.Fit(wanted, target);
            if (Volatile.Read(ref coloured) == 0 && picture.HasColour)
            {
                Volatile.Write(ref coloured, 1);
            }
        }
    }

    private static bool IsImage(DataFile file) => !OtherImages.Contains(file.Extension) ? Endings.Contains(file.Extension)
        : throw DataFaults.Wrong(file, $"{file.Extension} images are not read by this version; make them PNG or JPEG, or take them out of the dataset");

    // Without a model that says otherwise: colour, and of the first image's size.
    private static Preprocessing.Images Resolve(DecodeJob job)
    {
        Preprocessing.Images wanted = (Preprocessing.Images)job.Wanted;
        wanted = wanted with { Channels = wanted.Channels ?? Colour };
        if (wanted.Size is not null)
        {
            return wanted;
        }

        Picture first = Picture.Read(job.Files[0]);
        return first.Width == first.Height ? wanted with { Size = first.Width }
            : throw DataFaults.Wrong(job.Files[0], $"{first.Width}x{first.Height} pixels; image_size makes images square");
    }
}
