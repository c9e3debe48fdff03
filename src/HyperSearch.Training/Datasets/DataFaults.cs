using HyperSearch.Core.Trials;

namespace HyperSearch.Training.Datasets;

/// <summary>Errors of datasets that name the file and, where there is one, the line.</summary>
internal static class DataFaults
{
    /// <summary>Something is wrong with a file.</summary>
    public static TrainingException Wrong(DataFile file, string what) => new(FailureKind.DatasetError, $"{file.Path}: {what}.");

    /// <summary>Something is wrong in a line, counted from 1.</summary>
    public static TrainingException Wrong(DataFile file, long line, string what) =>
        new(FailureKind.DatasetError, FormattableString.Invariant($"{file.Path}: line {line}: {what}."));

    /// <summary>A file cannot be read.</summary>
    public static TrainingException Unreadable(string path, Exception cause) =>
        new(FailureKind.DatasetError, $"{path} cannot be read: {cause.Message}", cause);

    /// <summary>A text of the data between quotation marks, shortened.</summary>
    public static string Quote(string text) => text.Length <= 60 ? $"\"{text}\"" : $"\"{text[..60]}...\"";
}
