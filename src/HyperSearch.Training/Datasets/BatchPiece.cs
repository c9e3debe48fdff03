namespace HyperSearch.Training.Datasets;

/// <summary>Consecutive examples that go through a model together.</summary>
/// <param name="From">First.</param>
/// <param name="To">After the last.</param>
/// <param name="Step">Examples of the whole optimizer step that it is a part of.</param>
/// <param name="EndsStep">Whether it is the last part of its step.</param>
internal readonly record struct BatchPiece(int From, int To, int Step, bool EndsStep)
{
    /// <summary>The pieces of a pass without steps.</summary>
    /// <param name="count">Number of examples.</param>
    /// <param name="size">Examples of a piece; the last may be shorter.</param>
    public static BatchPiece[] Every(int count, int size) =>
        [.. Enumerable.Range(0, (count + size - 1) / size).Select(i => i * size).Select(from => new BatchPiece(from, Math.Min(count, from + size), count, from + size >= count))];

    /// <summary>The pieces of an epoch.</summary>
    /// <param name="count">Number of examples.</param>
    /// <param name="steps">Optimizer steps; the last takes what is left.</param>
    /// <param name="batch">Examples of a step.</param>
    /// <param name="micro">Most examples of a piece; a single last one joins those before.</param>
    public static BatchPiece[] OfEpoch(int count, int steps, int batch, int micro)
    {
        List<BatchPiece> pieces = [];
        for (int step = 0; step < steps; step++)
        {
            int start = step * batch, end = step == steps - 1 ? count : start + batch;
            for (int from = start; from < end;)
            {
                int to = end - from - micro == 1 && micro > 1 ? end : Math.Min(end, from + micro);
                pieces.Add(new(from, to, end - start, to == end));
                from = to;
            }
        }

        return [.. pieces];
    }
}
