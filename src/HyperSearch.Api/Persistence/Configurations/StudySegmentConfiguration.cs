using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class EvaluationConfiguration : IEntityTypeConfiguration<Evaluation>
{
    public void Configure(EntityTypeBuilder<Evaluation> builder)
    {
        builder.ToTable("evaluations").HasKey(e => new { e.StudyId, e.Number });
        builder.HasOne<Study>().WithMany().HasForeignKey(e => e.StudyId);
        builder.HasIndex(e => e.Incarnation).HasFilter("incarnation IS NOT NULL");
    }
}
