using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class StudySegmentConfiguration : IEntityTypeConfiguration<StudySegment>
{
    public void Configure(EntityTypeBuilder<StudySegment> builder)
    {
        builder.ToTable("segments").HasKey(e => new { e.StudyId, e.Kind, e.Number });
        builder.HasOne<Study>().WithMany().HasForeignKey(e => e.StudyId);
        builder.HasIndex(e => e.Incarnation).HasFilter("incarnation IS NOT NULL");
    }
}
