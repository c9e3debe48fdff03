using HyperSearch.Core.Samplers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Samplers;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>A history is extended by what changed: at any moment it must say what a look at all trials says.</summary>
public sealed class ProposalHistoryTests
{
    [Theory]
    [InlineData("\"tpe\"")]
    [InlineData("{\"name\": \"tpe\", \"stopping\": \"median\"}")]
    [InlineData("{\"name\": \"asha\", \"sampler\": \"tpe\", \"max_epochs\": 9}")]
    [InlineData("{\"name\": \"successive_halving\", \"sampler\": \"tpe\", \"max_epochs\": 9}")]
    [InlineData("{\"name\": \"hyperband\", \"sampler\": \"tpe\", \"max_epochs\": 27}")]
    public void Propose_AtAnyMoment_IsWhatALookAtAllTrialsGives(string algorithm)
    {
        string size = algorithm.Contains("hyperband", StringComparison.Ordinal) ? "" : ", \"max_trials\": 45";
        StudySpec spec = Requests.Valid(Requests.With($"\"algorithm\": {algorithm}, \"max_failed_trials\": 1000{size}"));
        for (int seed = 0; seed < 4; seed++)
        {
            SimulationSettings settings = new()
            {
                Spec = spec with { Seed = seed },
                Seed = seed,
                OrderSeed = seed,
                Divergence = 0.1,
                Failure = 0.1,
                Transient = 0.1,
                ChildDeath = 0.1,
                Enqueues = 3,
                TrialVerbs = 12,
                Recounts = false,
            };
            ISampler sampler = SamplerCatalog.Create(settings.Spec);
            int created = 0;
            int modelled = 0;
            new SimulatedCluster(settings.Cluster() with { AfterEveryInput = Look }).Run();
            modelled.ShouldBeGreaterThan(5);

            void Look(StudyHost host)
            {
                if (host.Study.Created == created)
                {
                    return;
                }

                Trial newest = host.Trials[created++];
                if (!newest.Enqueued)
                {
                    TrialHistory all = Histories.Of(host.Searched.Where(t => t != newest));
                    modelled += all.Finished >= 10 ? 1 : 0;
                    newest.Parameters.ShouldBe(sampler.Propose(newest.Number, all).Parameters);
                }
            }
        }
    }
}
