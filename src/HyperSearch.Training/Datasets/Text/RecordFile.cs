namespace HyperSearch.Training.Datasets.Text;

/// <summary>A file of records with named fields, read forward.</summary>
internal abstract class RecordFile(DataFile file) : IDisposable
{
    /// <summary>The file.</summary>
    public DataFile File { get; } = file;

    /// <summary>Line in which the current record begins, from 1.</summary>
    public long Line { get; protected set; }

    /// <summary>Names of the current record's fields.</summary>
    public abstract IReadOnlyCollection<string> Names { get; }

    /// <summary>Opens a file by the ending of its name.</summary>
    /// <exception cref="TrainingException">It cannot be read.</exception>
    public static RecordFile Open(DataFile file)
    {
        try
        {
            return file.Extension == ".jsonl" ? new JsonRecords(file) : new CsvRecords(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DataFaults.Unreadable(file.Path, exception);
        }
    }

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="TrainingException">The record is broken; names file and line.</exception>
    public bool Read()
    {
        try
        {
            return Next();
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw DataFaults.Wrong(File, Utf8Lines.FirstInvalid(File.Path), "the bytes are not valid UTF-8");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DataFaults.Unreadable(File.Path, exception);
        }
    }

    /// <summary>A field of the current record as text; null if it is missing or has no text.</summary>
    public abstract string? Field(string name);

    /// <summary>An error in the current record.</summary>
    public TrainingException Wrong(string what) => DataFaults.Wrong(File, Line, what);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>As <see cref="Read"/>.</summary>
    protected abstract bool Next();

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>The file as text: UTF-8, with or without byte order mark, and nothing else.</summary>
    protected static StreamReader Text(DataFile file) =>
        new(file.Path, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
}
