using System.Runtime.CompilerServices;
using HyperSearch.Worker;

namespace HyperSearch.Standalone;

internal static class Program
{
    private static Task<int> Main(string[] args) => args is [WorkerHost.SlotVerb, .. var rest]
        ? Task.FromResult(WorkerHost.RunSlotChild(rest))
        : ServeAsync(args);

    // Apart, so that a child loads nothing of the host.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> ServeAsync(string[] args) => CommandLine.InvokeAsync(args, StandaloneRun.RunAsync);
}
