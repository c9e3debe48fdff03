using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Samplers;

/// <summary>What samplers hold that learn nothing: a proposal depends on the number and on the configurations enqueued below it alone.</summary>
public abstract class HistoryFreeSamplerSuite : SamplerSuite
{
    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_WithoutTheSampledTrials_GivesSameValues(string space)
    {
        StudySpec spec = Study(space);
        ISampler sampler = Create(spec);
        Enumerable.Range(0, spec.Trials).Select(n => sampler.Propose(n, TrialHistory.Empty).Parameters).ShouldBe(All(spec));
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_EnqueuedLater_ChangesNothingBefore(string space)
    {
        StudySpec spec = Study(space);
        List<Trial> trials = WithEnqueued(spec, n => n % 3 == 1);
        TrialHistory all = Histories.Of(trials);
        ISampler sampler = Create(spec);
        foreach (Trial trial in trials.AsEnumerable().Reverse().Where(t => !t.Enqueued))
        {
            sampler.Propose(trial.Number, all).Parameters.ShouldBe(trial.Parameters);
        }
    }

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Propose_NumberThatIsEnqueuedAfterAll_GivesWhatAFreshInstanceGives(string space)
    {
        StudySpec spec = Study(space);
        ISampler used = Create(spec);
        TrialHistory history = TrialHistory.Empty;
        foreach (Trial trial in WithEnqueued(spec, n => n % 4 == 2))
        {
            if (trial.Enqueued)
            {
                ProposalOrNone(used, trial.Number, history).ShouldBe(ProposalOrNone(Create(spec), trial.Number, history));
            }
            else
            {
                used.Propose(trial.Number, history).Parameters.ShouldBe(trial.Parameters);
            }

            history.Update(trial);
        }
    }

    private static Proposal? ProposalOrNone(ISampler sampler, int number, TrialHistory history)
    {
        try
        {
            return sampler.Propose(number, history);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
