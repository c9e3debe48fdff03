using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class EnqueueTests
{
    private const string Around = "\"algorithm\": \"one_at_a_time\", \"search_space\": {\"batch_size\": [16, 32, 64], \"dropout\": [0, 0.5]}";

    [Fact]
    public void EnqueueClosed_OneAtATime_WaitsForItsBaseline()
    {
        StudyDriver study = new(Requests.Valid(Requests.With(Around)));
        study.Host.Rules.EnqueueClosed(study.Study).ShouldNotBeNull();
        Enqueue(study, 0.25).Applied.ShouldBeFalse();

        study.Assign().Parameters.ShouldBe(study.Host.Spec.Space.Constants.Normalize());

        study.Host.Rules.EnqueueClosed(study.Study).ShouldBeNull();
        Enqueue(study, 0.25).Applied.ShouldBeTrue();
    }

    [Fact]
    public void Enqueue_OneOfTheConfigurations_TakesItsCell()
    {
        StudyDriver study = new(Requests.Valid(Requests.With(Around)));
        int trials = study.Study.Trials;
        study.Assign();

        Trial enqueued = Enqueue(study, 0.5).Created.ShouldNotBeNull();

        enqueued.Cell.ShouldNotBeNull();
        study.Study.Trials.ShouldBe(trials);
        study.RunAll(n => n);
        study.Host.Searched.Select(t => t.Cell!.Value).Order().ShouldBe(Enumerable.Range(0, trials));
    }

    private static StudyOutcome Enqueue(StudyDriver study, double dropout) =>
        study.Host.Apply(new StudyInput.Enqueued(study.Host.Spec.Space.Constants.With(HyperparameterCatalog.Dropout, dropout).Normalize()));
}
