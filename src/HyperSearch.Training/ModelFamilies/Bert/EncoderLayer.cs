namespace HyperSearch.Training.ModelFamilies.Bert;

/// <summary>The parts of one encoder layer.</summary>
internal sealed record EncoderLayer(
    Affine Query, Affine Key, Affine Value, Affine AttentionOutput, Affine AttentionNorm, Affine Intermediate, Affine Output, Affine OutputNorm);
