namespace HyperSearch.Worker;

internal static class Program
{
    private static void Main()
    {
    }
}
