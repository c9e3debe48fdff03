namespace HyperSearch.Core.Tests.Samplers;

/// <summary>
/// Values that no version may change, because stored studies would go on with other parameters. All but those of tpe were
/// computed a second time by a program of another language from the text of <see cref="HyperSearch.Core.Samplers.StableMix"/>.
/// </summary>
internal static class Golden
{
    public const string DrawnSpace = """
        "learning_rate": {"min": 1e-4, "max": 1e-1, "scale": "log"}, "batch_size": [16, 32, 64], "dropout": {"min": 0, "max": 0.5},
        "weight_decay": {"min": 1e-6, "max": 1e-1, "scale": "log"}, "lr_schedule": ["constant", "linear", "cosine"], "frozen_blocks": {"min": 0, "max": 3}
        """;

    public static int[] ShuffledTen { get; } = [3, 0, 4, 2, 5, 1, 9, 6, 8, 7];

    public static long[] PermutedFive { get; } = [522293931, 609635091, 821676901, 765117999, 23829313];

    public static string[] Drawn { get; } =
    [
        "0.000170285897085 64 0.399205560654 0.000306360067448 Constant 2",
        "0.000451607145501 16 0.442594477147 0.000460145658347 Constant 3",
        "0.0824729560016 16 0.16147833739 4.91347246958E-05 Constant 1",
    ];

    public static string[] Cells { get; } = ["64 AdamW  2", "64 Sgd 0.5 2", "64 Sgd 0.5 1", "16 Sgd 0.5 3", "16 Sgd 0.9 3", "32 Sgd 0.5 0"];

    public static string[] Integers { get; } = ["590", "2", "326", "4", "5", "1886", "76", "2011"];

    public static ulong[] Scrambled { get; } = [12708893117555701027, 12708893121150877979, 4408505753114360884, 7603114789905357269];

    public static string[] Sobol { get; } =
    [
        "0.000279357857866 32 0.341235506188 0.00840532302664 Constant 0",
        "0.0430984940408 64 0.0980918782148 1.40779024309E-05 Cosine 3",
        "0.0106588320154 16 0.422527123839 0.000376678166786 Linear 2",
        "0.00293713753231 32 0.232752839314 6.65471999207E-05 Constant 1",
    ];

    public static string[] Tpe { get; } =
    [
        "5.61166340671E-05 3 0.114870617677 4 Cosine AdamW ",
        "0.00117933840576 44 0.238190720242 4 Cosine AdamW ",
        "0.000704942148402 44 0.418157695644 4 Cosine AdamW ",
        "0.000280990590397 127 0.294187220432 4 Cosine AdamW ",
    ];
}
