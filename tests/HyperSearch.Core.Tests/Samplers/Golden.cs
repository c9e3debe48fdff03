namespace HyperSearch.Core.Tests.Samplers;

/// <summary>
/// Values that no version may change, because stored studies would go on with other parameters. Computed a second time by
/// a program of another language from the text of <see cref="HyperSearch.Core.Samplers.StableMix"/>.
/// </summary>
internal static class Golden
{
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
}
