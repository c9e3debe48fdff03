namespace HyperSearch.Training.Datasets.Text;

/// <summary>A token that is found as a whole, before texts are split into words. Blanks around it make no token, so <c>lstrip</c> and <c>rstrip</c> change nothing.</summary>
/// <param name="Content">How it is spelt, after normalisation if it is looked for there.</param>
/// <param name="Id">Its id.</param>
/// <param name="Normalized">Whether it is looked for in the normalised text (in lower case, without accents, as the tokenizer does) instead of the text itself.</param>
/// <param name="SingleWord">Whether it is no token next to a letter or digit.</param>
/// <param name="IsPiece">Whether the vocabulary has it, so that words may be spelt with it.</param>
internal sealed record AddedToken(string Content, int Id, bool Normalized, bool SingleWord, bool IsPiece);
