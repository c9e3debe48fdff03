namespace HyperSearch.Training.ModelFamilies.Bert;

/// <summary>The tensors of BERT and DistilBERT by the names of Hugging Face's sequence classifiers.</summary>
internal static class BertTensors
{
    /// <summary>All tensors of a configuration.</summary>
    public static IEnumerable<TensorSpec> Of(BertConfig config)
    {
        BertNames names = BertNames.Of(config);
        int hidden = config.HiddenSize, head = config.Blocks;
        TextInput text = config.Text!;
        yield return Weight(config, names.Word, 0, text.VocabularySize, hidden);
        yield return Weight(config, names.Position, 0, text.MaxLength, hidden);
        if (!config.Distilled)
        {
            yield return Weight(config, names.Type, 0, text.Types, hidden);
        }

        foreach (TensorSpec norm in Norm(config, names.EmbeddingNorm, 0))
        {
            yield return norm;
        }

        IEnumerable<TensorSpec> rest = Enumerable.Range(0, config.Layers).SelectMany(layer => Layer(config, names, layer))
            .Concat(Linear(config, names.HeadDense, head, hidden, hidden).Select(s => s with { LoadedWhenPresent = !config.Distilled }))
            .Concat(Linear(config, BertNames.Classifier, head, config.Labels.Length, hidden));
        foreach (TensorSpec spec in rest)
        {
            yield return spec;
        }
    }

    private static IEnumerable<TensorSpec> Layer(BertConfig config, BertNames names, int layer)
    {
        int hidden = config.HiddenSize, block = layer + 1;
        string prefix = names.Layer(layer);
        return
        [
            .. Linear(config, prefix + names.Query, block, hidden, hidden),
            .. Linear(config, prefix + names.Key, block, hidden, hidden),
            .. Linear(config, prefix + names.Value, block, hidden, hidden),
            .. Linear(config, prefix + names.AttentionOutput, block, hidden, hidden),
            .. Norm(config, prefix + names.AttentionNorm, block),
            .. Linear(config, prefix + names.Intermediate, block, config.IntermediateSize, hidden),
            .. Linear(config, prefix + names.Output, block, hidden, config.IntermediateSize),
            .. Norm(config, prefix + names.OutputNorm, block),
        ];
    }

    private static TensorSpec[] Linear(BertConfig config, string name, int block, int outputs, int inputs) =>
        [Weight(config, name, block, outputs, inputs), Undecayed(config, $"{name}.bias", block, outputs, InitialValue.Zero)];

    private static TensorSpec[] Norm(BertConfig config, string name, int block) =>
    [
        Undecayed(config, $"{name}.weight", block, config.HiddenSize, InitialValue.One),
        Undecayed(config, $"{name}.bias", block, config.HiddenSize, InitialValue.Zero),
    ];

    private static TensorSpec Weight(BertConfig config, string name, int block, int outputs, int inputs) => Named(config,
        new($"{name}.weight", block, TensorRole.Weight, [outputs, inputs], new InitialValue.Normal(config.InitializerRange)));

    private static TensorSpec Undecayed(BertConfig config, string name, int block, int length, InitialValue initial) =>
        Named(config, new(name, block, TensorRole.Undecayed, [length], initial));

    private static TensorSpec Named(BertConfig config, TensorSpec spec) => spec with { Aliases = BertNames.Aliases(config, spec.Name) };
}
