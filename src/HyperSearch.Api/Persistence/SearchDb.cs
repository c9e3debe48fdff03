using HyperSearch.Api.Coordination;
using HyperSearch.Api.Studies;
using HyperSearch.Api.Trials;
using HyperSearch.Api.Workers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Persistence;

/// <summary>All tables, on either provider.</summary>
internal abstract class SearchDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<Study> Studies => Set<Study>();

    public DbSet<StudyDocument> Documents => Set<StudyDocument>();

    public DbSet<Rung> Rungs => Set<Rung>();

    public DbSet<EpochRanking> EpochRankings => Set<EpochRanking>();

    public DbSet<Trial> Trials => Set<Trial>();

    public DbSet<Report> Reports => Set<Report>();

    public DbSet<StudySegment> Segments => Set<StudySegment>();

    public DbSet<DecisionLogEntry> Decisions => Set<DecisionLogEntry>();

    public DbSet<WorkerRow> Workers => Set<WorkerRow>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<FeedEntry> Feed => Set<FeedEntry>();

    /// <summary>What differs in SQL between the providers.</summary>
    public abstract ISqlDialect Sql { get; }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(SearchDb).Assembly);
        modelBuilder.UseSnakeCaseNames();
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<StudyState>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<StopReason>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<TrialState>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<StudySegmentKind>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<FailureKind>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<WorkerState>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<Core.Hyperparameters.ParameterSet>().HaveConversion<ParameterSetConverter>();
    }
}
