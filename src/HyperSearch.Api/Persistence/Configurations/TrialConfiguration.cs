using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class TrialConfiguration : IEntityTypeConfiguration<Trial>
{
    public void Configure(EntityTypeBuilder<Trial> builder)
    {
        builder.ToTable("trials").HasKey(t => new { t.StudyId, t.Number });
        builder.HasOne<Study>().WithMany().HasForeignKey(t => t.StudyId);
        builder.Ignore(t => t.Summary);
        // Each grid cell belongs to one trial.
        builder.HasIndex(t => new { t.StudyId, t.Cell }).IsUnique().HasFilter("cell IS NOT NULL");
        // What waits, and what waits at a rung, best first.
        builder.HasIndex(t => new { t.StudyId, t.State, t.Bracket, t.Rung, t.Loss, t.Number });
        // Whether a configuration has been tried.
        builder.HasIndex(t => new { t.StudyId, t.Fingerprint });
        // What samplers have not seen yet, in order of arrival.
        builder.HasIndex(t => new { t.StudyId, t.HistorySequence });
        // The completed trials that still have artifacts, best first: few, because the rest are freed as they complete.
        builder.HasIndex(t => new { t.StudyId, t.State, t.Loss, t.Number }).HasFilter("state = 'Completed' AND checkpoint_key IS NOT NULL");
        // What a worker holds.
        builder.HasIndex(t => t.Incarnation).HasFilter("incarnation IS NOT NULL");
    }
}
