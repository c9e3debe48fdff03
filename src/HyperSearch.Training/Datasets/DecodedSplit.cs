namespace HyperSearch.Training.Datasets;

/// <summary>What is known of a split once it is decoded.</summary>
/// <param name="Used">What was made of its examples, with what the data decided.</param>
/// <param name="Groups">The group of each example; null without groups.</param>
/// <param name="Colour">Whether there are colours in it.</param>
internal sealed record DecodedSplit(Preprocessing Used, IReadOnlyList<string>? Groups = null, bool Colour = false);
