using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyPatchTests
{
    [Theory]
    [InlineData("\"random\"", true)]
    [InlineData("\"sobol\"", true)]
    [InlineData("\"tpe\"", true)]
    [InlineData("\"grid\"", false)]
    [InlineData("\"one_at_a_time\"", false)]
    [InlineData("{\"name\": \"random\", \"stopping\": \"median\"}", true)]
    [InlineData("{\"name\": \"grid\", \"stopping\": \"median\"}", false)]
    [InlineData("\"asha\"", true)]
    [InlineData("{\"name\": \"asha\", \"sampler\": \"grid\"}", true)]
    [InlineData("{\"name\": \"asha\", \"sampler\": \"tpe\"}", true)]
    [InlineData("\"successive_halving\"", false)]
    [InlineData("{\"name\": \"successive_halving\", \"sampler\": \"tpe\"}", false)]
    [InlineData("\"hyperband\"", false)]
    public void Patch_MoreTrials_CountWhereNoLadderAndNoGridIsPlannedForThem(string algorithm, bool raised)
    {
        string most = algorithm is "\"hyperband\"" or "\"one_at_a_time\"" ? "" : ", \"max_trials\": 5";
        StudyDriver study = new(Requests.Valid(Requests.With(
            $"\"algorithm\": {algorithm}{most}, \"search_space\": {{\"batch_size\": {{\"min\": 1, \"max\": 2000}}, \"dropout\": [0, 0.5]}}")));
        int before = study.Study.Trials;
        (study.Host.Rules.RaiseClosed(study.Study) is null).ShouldBe(raised);

        Raise(study, before + 7);

        study.Study.Trials.ShouldBe(raised ? before + 7 : before);
    }

    [Fact]
    public void Patch_MoreTrialsThanTheSpaceHas_EndsExhausted()
    {
        StudyDriver study = new(Requests.Valid(Requests.With("\"search_space\": {\"batch_size\": [16, 32, 64]}, \"max_trials\": 2, \"baseline\": false")));
        study.Complete(study.Assign(), 1);

        Raise(study, 5);

        study.Study.Trials.ShouldBe(3);
        study.RunAll(n => n);
        (study.Study.Created, study.Study.StopReason).ShouldBe((3, StopReason.SpaceExhausted));
    }

    [Fact]
    public void Patch_FewerTrials_ChangesNoNumber()
    {
        StudyDriver study = new(Specs.Random(6));

        Raise(study, 3);

        (study.Study.Trials, study.Study.MaxTrials).ShouldBe((6, 6));
    }

    [Theory]
    [InlineData(StudyVerb.Stop)]
    [InlineData(StudyVerb.Pause)]
    public void RaiseClosed_StudyThatIsEnding_IsClosedAndAPausedOneIsNot(StudyVerb verb)
    {
        StudyDriver study = new(Specs.Random(6));
        study.Assign();
        study.Give(verb);

        (study.Host.Rules.RaiseClosed(study.Study) is null).ShouldBe(verb == StudyVerb.Pause);
    }

    [Fact]
    public void Patch_MaxParallelBelowWhatRuns_StartsNothingUntilThereIsRoom()
    {
        StudyDriver study = new(Specs.Random(6) with { Baseline = false, Dataset = null });
        List<Trial> trials = study.AssignNew(3);

        study.Host.Apply(new StudyInput.Patched(null, true, 2, null));

        study.Complete(trials[0], 1);
        study.Host.TryNext(out _).ShouldBeFalse();
        study.Complete(trials[1], 1);
        study.Host.TryNext(out _).ShouldBeTrue();
        study.Host.Apply(new StudyInput.Patched(null, true, null, null));
        study.AssignNew(3).Count.ShouldBe(3);
    }

    private static void Raise(StudyDriver study, int trials) => study.Host.Apply(new StudyInput.Patched(trials, false, null, null));
}
