using HyperSearch.Api.Studies;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class StudyDocumentConfiguration : IEntityTypeConfiguration<StudyDocument>
{
    public void Configure(EntityTypeBuilder<StudyDocument> builder)
    {
        builder.ToTable("study_documents").HasKey(d => d.StudyId);
        builder.HasOne<Study>().WithOne().HasForeignKey<StudyDocument>(d => d.StudyId);
        builder.Property(d => d.Pool).HasMaxLength(64);
        builder.Property(d => d.Precision).HasMaxLength(16);
    }
}
