using System.Globalization;

namespace HyperSearch.Benchmarks.AgainstPyTorch;

/// <summary>What other processes, and other machines on the same host, took of the processors while something was measured.</summary>
internal sealed class OtherLoad
{
    private const double TicksPerSecond = 100;

    private readonly int[] _measured;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly double _others;

    /// <summary>Begins.</summary>
    /// <param name="measured">Processes that are measured beside this one.</param>
    /// <param name="time">The clock.</param>
    public OtherLoad(TimeProvider time, params int[] measured)
    {
        (_measured, _time) = (measured, time);
        _start = time.GetTimestamp();
        _others = Seconds();
    }

    /// <summary>Cores that others have kept busy since.</summary>
    public double Cores => (Seconds() - _others) / _time.GetElapsedTime(_start).TotalSeconds;

    private double Seconds() =>
        (Busy() - _measured.Sum(Used) - Used(Environment.ProcessId)) / TicksPerSecond;

    // user, nice, system, [idle, iowait,] irq, softirq, steal: proc(5).
    private static double Busy()
    {
        double[] ticks = Numbers(File.ReadLines("/proc/stat").First()["cpu".Length..]);
        return ticks.Take(3).Sum() + ticks.Skip(5).Take(3).Sum();
    }

    // utime and stime are the 12th and 13th number behind the name, which ends with a bracket.
    private static double Used(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(11).Take(2)
            .Sum(t => double.Parse(t, CultureInfo.InvariantCulture));
    }

    private static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
}
