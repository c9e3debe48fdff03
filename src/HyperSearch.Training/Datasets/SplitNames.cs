using System.Text.RegularExpressions;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// Which split a file belongs to, told by its name as on the Hugging Face hub: a folder or a part of the file's name
/// that is <c>train</c>, <c>validation</c> (<c>valid val dev</c>) or <c>test</c> (<c>eval</c>), as in <c>data/train-00000-of-00002.csv</c>.
/// </summary>
internal static partial class SplitNames
{
    /// <summary>The split of a file; null when its name tells none.</summary>
    /// <param name="name">The file's path inside the dataset.</param>
    /// <param name="trained">Name of the split that is trained on; null is <c>train</c>.</param>
    public static Split? Of(string name, string? trained)
    {
        string[] parts = Path.ChangeExtension(name, null).Split('/');
        if (trained is not null && parts.Any(p => p == trained || ShardPattern().Replace(p, "") == trained))
        {
            return Split.Train;
        }

        foreach (string word in WordBreak().Split(string.Join('/', parts)))
        {
            switch (word.ToLowerInvariant())
            {
                // With another split to train on, this one is of no use.
                case "train" or "training":
                    return trained is null ? Split.Train : null;
                case "validation" or "valid" or "val" or "dev":
                    return Split.Validation;
                case "test" or "testing" or "eval" or "evaluation":
                    return Split.Test;
                default:
                    continue;
            }
        }

        return null;
    }

    [GeneratedRegex("-[0-9]{5}-of-[0-9]{5}\\z")]
    private static partial Regex ShardPattern();

    [GeneratedRegex("[-._ 0-9/]+")]
    private static partial Regex WordBreak();
}
