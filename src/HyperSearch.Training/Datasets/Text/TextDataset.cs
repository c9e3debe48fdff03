using System.Buffers;
using System.Runtime.InteropServices;
using HyperSearch.Training.TensorCaches;
using TorchSharp;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>
/// Labelled texts in CSV (also .tsv) or JSONL files, in splits told by their names. An empty text is an example; a
/// missing one, or one without a label, is an error.
/// </summary>
/// <param name="endings">Endings of the files' names.</param>
internal sealed class TextDataset(params string[] endings) : IDatasetFormat
{
    private const int TextsAtATime = 1024;

    // What stands for "not told" where labels are numbers, as in GLUE.
    private const string Untold = "-1";

    /// <inheritdoc/>
    public bool LabelsArePlaces => false;

    /// <inheritdoc/>
    public DatasetFiles Files(DatasetSource source, SignOfLife life) => DatasetFiles.ByName(source, life, $"{endings[0]} file", f => endings.Contains(f.Extension));

    /// <inheritdoc/>
    public bool IsLabelled(DatasetSource source, IReadOnlyList<DataFile> files)
    {
        using RecordFile records = RecordFile.Open(files[0]);
        return !records.Read() || records.Field(TextColumns.LabelOf(source.Options)) is { Length: > 0 } and not Untold;
    }

    /// <inheritdoc/>
    public DecodedSplit Decode(DecodeJob job)
    {
        Preprocessing.Texts wanted = (Preprocessing.Texts)job.Wanted;
        List<string>? groups = job.Source.Options.GroupColumn is null ? null : [];
        List<(string Text, string? Pair)> waiting = [];
        using TensorFileWriter inputs = job.Cache.Add(job.Tensor, torch.ScalarType.Int32, 2, wanted.Length);
        foreach (DataFile file in job.Files)
        {
            using RecordFile records = RecordFile.Open(file);
            TextColumns? columns = null;
            while (records.Read())
            {
                columns ??= TextColumns.Of(job.Source.Options, records);
                waiting.Add((Required(records, columns.Text), columns.Pair is { } pair ? Required(records, pair) : null));
                AddLabel(job.Labels, records, columns.Label);
                groups?.Add(Required(records, columns.Group!));
                if (waiting.Count == TextsAtATime)
                {
                    Write(waiting, wanted, inputs, job);
                }
            }
        }

        Write(waiting, wanted, inputs, job);
        return new(wanted, groups);
    }

    private static string Required(RecordFile records, string column) =>
        records.Field(column) ?? throw records.Wrong($"the field {DataFaults.Quote(column)} is missing or no text");

    private static void AddLabel(LabelSink labels, RecordFile records, string column)
    {
        string label = Required(records, column);
        if (label.Length == 0)
        {
            throw records.Wrong($"the label ({DataFaults.Quote(column)}) is empty");
        }

        if (!labels.Add(label))
        {
            throw records.Wrong($"the label {DataFaults.Quote(label)} does not occur in the training split");
        }
    }

    private static void Write(List<(string Text, string? Pair)> texts, Preprocessing.Texts wanted, TensorFileWriter inputs, DecodeJob job)
    {
        OrderedRows.Write(texts.Count, inputs, Fill, job.Alive, job.CancellationToken);
        texts.Clear();

        void Fill(int row, Span<byte> target)
        {
            int length = wanted.Length;
            long[] tokens = ArrayPool<long>.Shared.Rent(2 * length);
            wanted.Encoder.Encode(texts[row].Text, texts[row].Pair, length, tokens.AsSpan(0, length), tokens.AsSpan(length, length));
            Span<int> values = MemoryMarshal.Cast<byte, int>(target);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (int)tokens[i];
            }

            ArrayPool<long>.Shared.Return(tokens);
        }
    }
}
