using HyperSearch.Api.Workers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class WorkerConfiguration : IEntityTypeConfiguration<WorkerRow>
{
    public void Configure(EntityTypeBuilder<WorkerRow> builder)
    {
        builder.ToTable("workers").HasKey(w => w.Incarnation);
        builder.Property(w => w.Labels).HasJsonText();
        builder.Property(w => w.Precisions).HasJsonText();
        builder.Property(w => w.Missing).HasJsonText();
        builder.Property(w => w.Failures).HasJsonText();
        builder.Ignore(w => w.Health);
        builder.HasIndex(w => new { w.State, w.LeaseUntil });
    }
}
