namespace HyperSearch.Api.Tests;

/// <summary>Waits for conditions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Reads until the value is as wanted, and gives it.</summary>
    public static async Task<T> BecomesAsync<T>(Func<Task<T>> read, Func<T, bool> wanted)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(patience);
        T value = await read();
        while (!wanted(value))
        {
            if (timeout.IsCancellationRequested)
            {
                Assert.Fail($"Not within {patience}. Last: {value}");
            }

            await Task.Delay(pause, Cancellation);
            value = await read();
        }

        return value;
    }
}
