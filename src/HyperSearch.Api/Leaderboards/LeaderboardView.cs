using System.Text.Json;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Trials;
using HyperSearch.Contracts;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Leaderboards;

/// <summary>What trials look like beside the baseline.</summary>
internal sealed class LeaderboardView(Objective objective, DeltaToBaseline delta, IReadOnlyDictionary<int, ConfirmedCandidate> confirmed)
{
    public static async Task<LeaderboardView> CreateAsync(SearchDb db, string studyId, StudySpec spec, CancellationToken cancellationToken)
    {
        int number = spec.BaselineNumber;
        List<Report> baseline = await db.Reports
            .Where(r => r.StudyId == studyId && r.Number == number).OrderBy(r => r.Epoch).ToListAsync(cancellationToken);
        Study? study = spec.Confirm is null ? null : await db.Studies.SingleOrDefaultAsync(s => s.Id == studyId, cancellationToken);
        return new LeaderboardView(
            spec.Objective,
            new DeltaToBaseline(baseline.Select(r => r.ToEpochReport()), spec.Objective),
            study is null ? [] : StudyRules.Confirmed(study).ToDictionary(c => c.Number));
    }

    public LeaderboardEntry Of(Trial trial, int? rank) => new()
    {
        Rank = rank,
        Number = trial.Number,
        Baseline = trial.IsBaseline,
        State = SnakeCase.Of(trial.State),
        Final = trial.State == TrialState.Completed,
        Diverged = trial.Diverged,
        Value = trial.Value,
        BestEpoch = trial.BestEpoch,
        LastValue = trial.LastValue,
        TrainValue = trial.TrainValue,
        Gap = Finite(trial.Gap(objective.Maximize)),
        DeltaToBaseline = Finite(delta.Of(trial.Value, trial.Epochs)),
        Parameters = ParametersOf(trial),
        Seed = trial.Seed,
        Confirmation = confirmed.TryGetValue(trial.Number, out ConfirmedCandidate? candidate) ? Of(candidate) : null,
        Epochs = trial.Epochs,
        Rung = trial.Rung,
        Bracket = trial.Bracket,
        LostAttempts = trial.LostAttempts,
        MicroBatch = trial.MicroBatch,
        DeviceSeconds = trial.DeviceSeconds,
        Worker = trial.Worker?.ToString(),
        StartedAt = trial.StartedAt,
        FinishedAt = trial.FinishedAt,
        Error = ErrorOf(trial),
    };

    public TrialResponse TrialOf(Trial trial) => new()
    {
        Number = trial.Number,
        State = SnakeCase.Of(trial.State),
        Baseline = trial.IsBaseline,
        Parameters = ParametersOf(trial),
        Epochs = trial.Epochs,
        Value = trial.Value,
        BestEpoch = trial.BestEpoch,
        LastValue = trial.LastValue,
        TrainValue = trial.TrainValue,
        Gap = Finite(trial.Gap(objective.Maximize)),
        DeltaToBaseline = Finite(delta.Of(trial.Value, trial.Epochs)),
        Rung = trial.Rung,
        Bracket = trial.Bracket,
        Cell = trial.Cell,
        Attempt = trial.Attempt,
        LostAttempts = trial.LostAttempts,
        Seed = trial.Seed,
        DeviceSeconds = trial.DeviceSeconds,
        Worker = trial.Worker?.ToString(),
        CreatedAt = trial.CreatedAt,
        StartedAt = trial.StartedAt,
        FinishedAt = trial.FinishedAt,
        Diverged = trial.Diverged,
        Error = ErrorOf(trial),
        MicroBatch = trial.MicroBatch,
        BatchNormMicro = trial.BatchNormMicro,
        Threads = trial.Threads,
        Cpu = trial.Cpu,
        Libtorch = trial.Libtorch,
        HeadKept = trial.HeadKept,
        ValidationExamples = trial.ValidationExamples,
        Confirms = trial.Confirms,
        Enqueued = trial.Enqueued,
    };

    private static ConfirmationResponse Of(ConfirmedCandidate candidate) => new()
    {
        N = candidate.Confirmation.N,
        Mean = candidate.Confirmation.Mean,
        Low = Finite(candidate.Confirmation.Low),
        High = Finite(candidate.Confirmation.High),
        StandardErrorOfValidation = candidate.Confirmation.StandardErrorOfValidation,
        TiedWith = candidate.TiedWith,
    };

    // The difference of two finite numbers need not be finite, and JSON has no infinity.
    public static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    private static JsonElement ParametersOf(Trial trial) => JsonSerializer.SerializeToElement(trial.Parameters.ToJson(), (JsonSerializerOptions?)null);

    private static TrialError? ErrorOf(Trial trial) =>
        trial.ErrorKind is { } kind ? new TrialError { Kind = SnakeCase.Of(kind), Message = trial.ErrorMessage } : null;
}
