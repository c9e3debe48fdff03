using System.Globalization;
using HyperSearch.Api.Http;
using HyperSearch.Contracts;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

/// <summary>Simulates studies and repeats their logs, one at a time: the service has other work.</summary>
internal sealed class StudySimulations : IDisposable
{
    public static QueryParameter.Flag Simulate { get; } = new("simulate", "Answers with what a study of the synthetic family would come to, by simulation, and stores nothing.");

    public static QueryParameter.Whole Workers { get; } = new("workers", "With simulate: workers with one slot each.", 1, 1_000, 4);

    public static QueryParameter.Whole Seeds { get; } = new("seeds", "With simulate: studies that are simulated, each with another seed.", 1, 100, 20);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What is wrong with the use of the parameters: one who forgets simulate must not start a study.</summary>
    public static Problem? Misuse(Query query, QueryParameter.Flag validateOnly)
    {
        bool simulates = query.Flag(Simulate);
        QueryParameter? lost = simulates ? null : ((QueryParameter[])[Workers, Seeds]).FirstOrDefault(query.Has);
        return lost is not null ? Problems.Invalid("?" + lost.Name, ErrorCode.NotAccepted, $"{lost.Name} goes with simulate=true.")
            : simulates && query.Flag(validateOnly) ? Problems.Invalid("?simulate", ErrorCode.NotAccepted, "Ask for the plan or for the simulation.")
            : null;
    }

    /// <summary>What a valid study would come to, or why that cannot be told.</summary>
    public async Task<IResult> RunAsync(StudySpec spec, int workers, int seeds, CancellationToken cancellationToken)
    {
        if (spec.Model.Family.NeedsDataset)
        {
            return Problems.Invalid("/model", ErrorCode.NotAccepted,
                $"Only the synthetic family is simulated: how {spec.Model.Family.Name} learns on your data is not known before it is trained.");
        }

        long work = StudySimulation.Work(spec);
        if (work * seeds > StudySimulation.MostWork)
        {
            return TooMuch(work, seeds);
        }

        return await InTurnAsync(
            () => Task.FromResult(TypedResults.Ok(Show(StudySimulation.Run(spec, workers, seeds, cancellationToken: cancellationToken)))), cancellationToken);
    }

    /// <summary>Does what keeps a processor busy for seconds, one at a time.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static Problem TooMuch(long work, int seeds)
    {
        long most = StudySimulation.MostWork / work;
        string limit = string.Create(CultureInfo.InvariantCulture,
            $"A study of this size counts as {work:N0} epochs (with tpe, 100 for every proposal), and {StudySimulation.MostWork:N0} are simulated at most");
        return most > 0
            ? Problems.Invalid("?seeds", ErrorCode.OutOfRange, $"{limit}: ask for {most} seeds or fewer, not {seeds}.")
            : Problems.Invalid("?simulate", ErrorCode.OutOfRange, $"{limit}: simulate one with fewer trials or epochs.");
    }

    private static SimulationResponse Show(SimulationResult result) => new()
    {
        Workers = result.Workers,
        Seed = result.Seed,
        Seeds = result.Seeds,
        EpochSeconds = result.EpochSeconds,
        EpochsExecuted = Show(result.EpochsExecuted),
        WallSeconds = Show(result.WallSeconds),
        DeviceSeconds = Show(result.DeviceSeconds),
        Value = Show(result.Value),
        TrueValue = Show(result.TrueValue),
        Trials = result.Trials.ToDictionary(t => SnakeCase.Of(t.Key), t => Show(t.Value)),
        StopReasons = result.StopReasons.ToDictionary(r => SnakeCase.Of(r.Key), r => r.Value),
    };

    private static FigureResponse Show(SimulatedFigure figure) => new() { N = figure.N, Mean = figure.Mean, StandardError = figure.StandardError };
}
