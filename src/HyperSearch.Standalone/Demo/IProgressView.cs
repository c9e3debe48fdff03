namespace HyperSearch.Standalone.Demo;

/// <summary>Shows how a study gets on: live in a terminal, line by line elsewhere.</summary>
internal interface IProgressView
{
    /// <summary>Shows looks at the study until the last one.</summary>
    /// <param name="looks">One look after another; the last one is final.</param>
    Task ShowAsync(IAsyncEnumerable<(DemoSnapshot Look, TimeSpan Elapsed, TimeSpan? Left)> looks);
}
