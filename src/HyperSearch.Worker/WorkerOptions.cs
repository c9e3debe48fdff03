using System.ComponentModel.DataAnnotations;
using HyperSearch.Training;

namespace HyperSearch.Worker;

internal sealed class WorkerOptions
{
    public const string SectionName = "Worker";

    /// <summary>Trials that run at the same time, each in a child process of its own.</summary>
    [Range(1, 256)]
    public int Slots { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>The pool that studies name.</summary>
    [Required]
    [StringLength(64, MinimumLength = 1)]
    public string Pool { get; set; } = "default";

    /// <summary><c>auto</c> takes what the installed libtorch finds, else <c>cpu</c> or <c>cuda:0</c> and so on.</summary>
    [RegularExpression("^(auto|cpu|cuda(:[0-9]+)?)$", ErrorMessage = "Worker:Device is auto, cpu or cuda:N.")]
    public string Device { get; set; } = "auto";

    /// <summary>Free labels of the operator, shown with the worker.</summary>
    public Dictionary<string, string> Labels { get; set; } = [];

    /// <summary>What it may train in, <c>fp32</c> and <c>bf16</c>; empty is all that its device can. Studies in another precision pass it by.</summary>
    public IList<string> Precisions { get; } = [];

    /// <summary>Threads of libtorch in each child.</summary>
    [Range(1, 256)]
    public int ThreadsPerSlot { get; set; } = 1;

    /// <summary>Where every incarnation makes a folder of its own for what is not yet, or never, an artifact.</summary>
    [Required]
    public string WorkFolder { get; set; } = Path.Combine(Path.GetTempPath(), "hypersearch-worker");

    /// <summary>Where decoded data is kept, for all workers of the machine that name the same folder; default <c>cache</c> in <see cref="WorkFolder"/>.</summary>
    public string? CacheFolder { get; set; }

    /// <summary>Megabytes of decoded data that are kept; what was not used for longest goes first.</summary>
    [Range(64, 100_000_000)]
    public long CacheMegabytes { get; set; } = DecodedData.DefaultBytes >> 20;

    /// <summary>Whether the output of frozen blocks is kept beside the decoded data. Without it trials end alike, later.</summary>
    public bool KeepsFeatures { get; set; } = true;

    [Range(0.05, 3600)]
    public double HeartbeatSeconds { get; set; } = 5;

    /// <summary>A child that finishes no batch for so long is killed.</summary>
    [Range(0.1, 86400)]
    public double StallTimeoutS { get; set; } = 600;

    /// <summary>How long an orderly shutdown may take until everything is given back.</summary>
    [Range(0.1, 3600)]
    public double ShutdownTimeoutS { get; set; } = 30;

    /// <summary>How long a child may take to reach the next batch end when its work is discarded; then it is killed.</summary>
    [Range(0.1, 3600)]
    public double StopGraceS { get; set; } = 10;

    /// <summary>How long a slot waits after the artifact store failed before it gives its trial back.</summary>
    [Range(0, 3600)]
    public double StorePauseS { get; set; } = 5;

    /// <summary>
    /// Folders below which data and weights may lie that a request names by path; the catalogue's are always allowed. Read
    /// from <c>Catalog:Roots</c> and the file <c>Catalog:File</c>, the settings that the API validates requests by.
    /// </summary>
    public IList<string> DataRoots { get; } = [];

    /// <summary>Program and arguments in front of the slot verb; empty is this executable.</summary>
    public IList<string> ChildCommand { get; } = [];

    internal string DecodedFolder => CacheFolder ?? Path.Combine(WorkFolder, "cache");

    internal long CacheBytes => CacheMegabytes << 20;

    internal TimeSpan Heartbeat => TimeSpan.FromSeconds(HeartbeatSeconds);

    internal TimeSpan StallTimeout => TimeSpan.FromSeconds(StallTimeoutS);

    internal TimeSpan ShutdownTimeout => TimeSpan.FromSeconds(ShutdownTimeoutS);

    /// <summary>Half of the shutdown is for the children, the rest for what has to be sent afterwards.</summary>
    internal TimeSpan DrainGrace => ShutdownTimeout / 2;

    internal TimeSpan StopGrace => TimeSpan.FromSeconds(StopGraceS);
}
