namespace HyperSearch.Training.ModelFamilies;

/// <summary>What a text must be for a model.</summary>
/// <param name="VocabularySize">Token ids are below this.</param>
/// <param name="MaxLength">Most tokens, special ones included.</param>
/// <param name="PadId">The token id that fills up and is not attended to.</param>
/// <param name="Types">Token type ids are below this; 1 where the model has none.</param>
internal sealed record TextInput(int VocabularySize, int MaxLength, int PadId, int Types);
