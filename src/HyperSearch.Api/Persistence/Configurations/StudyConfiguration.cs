using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class StudyConfiguration : IEntityTypeConfiguration<Study>
{
    public void Configure(EntityTypeBuilder<Study> builder)
    {
        builder.ToTable("studies").HasKey(s => s.Id);
        builder.Property(s => s.Id).HasMaxLength(40);
        builder.Property(s => s.Name).HasMaxLength(64);
        builder.HasIndex(s => s.Name).IsUnique();
        builder.HasIndex(s => s.State);
        builder.HasIndex(s => s.CreatedAt);
        builder.HasMany(s => s.Rungs).WithOne().HasForeignKey(r => r.StudyId);
    }
}
