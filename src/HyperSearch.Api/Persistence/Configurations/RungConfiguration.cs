using HyperSearch.Core.Schedulers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class RungConfiguration : IEntityTypeConfiguration<Rung>
{
    public void Configure(EntityTypeBuilder<Rung> builder)
    {
        builder.ToTable("rungs").HasKey(r => new { r.StudyId, r.Bracket, r.Index });
        builder.Ignore(r => r.Cut);
        builder.Ignore(r => r.Open);
    }
}
