using HyperSearch.Api.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable("idempotency_keys").HasKey(k => k.Key);
        builder.Property(k => k.Key).HasMaxLength(255);
        builder.HasIndex(k => k.CreatedAt);
    }
}
