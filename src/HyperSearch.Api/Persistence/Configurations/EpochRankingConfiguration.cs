using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace HyperSearch.Api.Persistence.Configurations;

internal sealed class EpochRankingConfiguration : IEntityTypeConfiguration<EpochRanking>
{
    public void Configure(EntityTypeBuilder<EpochRanking> builder)
    {
        builder.ToTable("epoch_rankings").HasKey(r => new { r.StudyId, r.Epoch });
        builder.HasOne<Study>().WithMany().HasForeignKey(r => r.StudyId);
        builder.Ignore(r => r.Cut);
    }
}
