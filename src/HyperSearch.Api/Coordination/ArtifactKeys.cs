namespace HyperSearch.Api.Coordination;

/// <summary>Where workers put what trials produce; see the worker's own keys.</summary>
internal static class ArtifactKeys
{
    public const string Studies = "studies";

    public static string Study(string studyId) => $"{Studies}/{studyId}";

    public static string Trials(string studyId) => $"{Study(studyId)}/trials";

    public static string Trial(string studyId, int number) =>
        $"{Trials(studyId)}/{(number == Core.Trials.Trial.BaselineNumber ? "baseline" : number)}";

    /// <summary>The folder of the exported model within a checkpoint.</summary>
    public static string BestModel(string checkpointKey) => checkpointKey + "/best";
}
