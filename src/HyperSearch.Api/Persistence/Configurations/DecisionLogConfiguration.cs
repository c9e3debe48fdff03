using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class DecisionLogConfiguration : IEntityTypeConfiguration<DecisionLogEntry>
{
    public void Configure(EntityTypeBuilder<DecisionLogEntry> builder)
    {
        builder.ToTable("decisions").HasKey(d => new { d.StudyId, d.Sequence });
        builder.HasOne<Study>().WithMany().HasForeignKey(d => d.StudyId);
        builder.Property(d => d.Sequence).ValueGeneratedNever();
    }
}
