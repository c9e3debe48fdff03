using HyperSearch.Api.Coordination;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class RankedResultConfiguration : IEntityTypeConfiguration<RankedResult>
{
    public void Configure(EntityTypeBuilder<RankedResult> builder)
    {
        builder.ToTable("ranked_results").HasKey(r => new { r.StudyId, r.Bracket, r.Level, r.Number });
        builder.HasOne<Study>().WithMany().HasForeignKey(r => r.StudyId);
        // The neighbours of a cut, and the best that has not gone on.
        builder.HasIndex(r => new { r.StudyId, r.Bracket, r.Level, r.Loss, r.Number });
        builder.HasIndex(r => new { r.StudyId, r.Bracket, r.Level, r.Taken, r.Loss, r.Number });
    }
}
