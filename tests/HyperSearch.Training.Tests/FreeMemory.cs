using TorchSharp;

namespace HyperSearch.Training.Tests;

internal static class FreeMemory
{
    /// <summary>Leaves not-a-number in the memory that is handed out next: a kernel that reads what nothing has written shows at once, not now and then.</summary>
    public static void Poison()
    {
        for (int numbers = 64; numbers <= 1 << 18; numbers *= 2)
        {
            foreach (torch.Tensor poison in Enumerable.Range(0, 8).Select(_ => torch.full(numbers, float.NaN)).ToArray())
            {
                poison.Dispose();
            }
        }
    }
}
