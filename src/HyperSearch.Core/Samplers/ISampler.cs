namespace HyperSearch.Core.Samplers;

/// <summary>Proposes the parameters of a study's trials. Pure: the same study and number give the same proposal on every machine.</summary>
public interface ISampler
{
    /// <summary>The parameters of one searched trial.</summary>
    /// <param name="number">The trial's number, from 0; below the study's N.</param>
    Proposal Propose(int number);
}
