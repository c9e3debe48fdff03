using HyperSearch.Api.Trials;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class ReportConfiguration : IEntityTypeConfiguration<Report>
{
    public void Configure(EntityTypeBuilder<Report> builder)
    {
        builder.ToTable("reports").HasKey(r => new { r.StudyId, r.Number, r.Epoch });
        builder.HasOne<Trial>().WithMany().HasForeignKey(r => new { r.StudyId, r.Number });
    }
}
