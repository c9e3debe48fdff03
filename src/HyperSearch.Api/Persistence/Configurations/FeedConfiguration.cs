using HyperSearch.Api.Coordination;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class FeedConfiguration : IEntityTypeConfiguration<FeedEntry>
{
    public void Configure(EntityTypeBuilder<FeedEntry> builder)
    {
        builder.ToTable("feed").HasKey(f => f.Sequence);
        builder.Property(f => f.Sequence).ValueGeneratedOnAdd();
        builder.HasIndex(f => f.StudyId);
    }
}
