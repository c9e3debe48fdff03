using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace HyperSearch.Training.Datasets.Text;

/// <summary>Records of a CSV file (RFC 4180) with a header; fields are parted by commas, in files that end in .tsv by tabs.</summary>
internal sealed class CsvRecords : RecordFile
{
    // An open quote would swallow the rest of the file.
    private const double LongestField = 16_000_000;

    private readonly CsvParser _parser;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private string[] _fields = [];
    private bool _broken;

    public CsvRecords(DataFile file) : base(file)
    {
        CsvConfiguration settings = new(CultureInfo.InvariantCulture)
        {
            Delimiter = file.Extension == ".tsv" ? "\t" : ",",
            IgnoreBlankLines = false,
            MaxFieldSize = LongestField,
            BadDataFound = _ => _broken = true,
        };
        _parser = new(Text(file), settings, leaveOpen: false);
    }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Names => _places.Keys;

    /// <inheritdoc/>
    public override string? Field(string name) => _places.TryGetValue(name, out int place) ? _fields[place] : null;

    /// <inheritdoc/>
    protected override bool Next()
    {
        if (_places.Count == 0)
        {
            ReadHeader();
        }

        while (ReadRecord())
        {
            if (_fields.Length == _places.Count)
            {
                return true;
            }

            // A blank line is no record of one empty field.
            if (_fields is not [""])
            {
                throw Wrong($"{_fields.Length} fields, where the header has {_places.Count}");
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _parser.Dispose();

    private void ReadHeader()
    {
        if (!ReadRecord())
        {
            throw Wrong("there is no header");
        }

        for (int i = 0; i < _fields.Length; i++)
        {
            if (!_places.TryAdd(_fields[i], i))
            {
                throw Wrong($"the header has the column {DataFaults.Quote(_fields[i])} twice");
            }
        }
    }

    private bool ReadRecord()
    {
        Line = _parser.RawRow + 1;
        try
        {
            if (!_parser.Read())
            {
                return false;
            }

            if (_fields.Length != _parser.Count)
            {
                _fields = new string[_parser.Count];
            }

            for (int i = 0; i < _fields.Length; i++)
            {
                _fields[i] = _parser[i];
            }
        }
        catch (MaxFieldSizeException)
        {
            throw Wrong("a field is longer than 16 million characters: a quote is not closed");
        }

        return _broken ? throw Wrong("a quote is not closed, or stands in a field without quotes around it") : true;
    }
}
