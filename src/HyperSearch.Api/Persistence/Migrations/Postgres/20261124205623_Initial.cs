using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace HyperSearch.Api.Persistence.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "feed",
                columns: table => new
                {
                    sequence = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    study_id = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feed", x => x.sequence);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    request_hash = table.Column<string>(type: "text", nullable: false),
                    study_id = table.Column<string>(type: "text", nullable: false),
                    answer = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "studies",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    spec_version = table.Column<long>(type: "bigint", nullable: false),
                    last_decision = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    paused_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    paused_seconds = table.Column<double>(type: "double precision", nullable: false),
                    stop_reason = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    max_trials = table.Column<int>(type: "integer", nullable: false),
                    trials = table.Column<int>(type: "integer", nullable: false),
                    enqueued = table.Column<int>(type: "integer", nullable: false),
                    enqueued_outside = table.Column<int>(type: "integer", nullable: false),
                    max_parallel = table.Column<int>(type: "integer", nullable: true),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    history_sequence = table.Column<long>(type: "bigint", nullable: false),
                    created = table.Column<int>(type: "integer", nullable: false),
                    startable = table.Column<bool>(type: "boolean", nullable: false),
                    waiting = table.Column<int>(type: "integer", nullable: false),
                    dispatched = table.Column<int>(type: "integer", nullable: false),
                    running = table.Column<int>(type: "integer", nullable: false),
                    paused = table.Column<int>(type: "integer", nullable: false),
                    completed = table.Column<int>(type: "integer", nullable: false),
                    pruned = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    cancelled = table.Column<int>(type: "integer", nullable: false),
                    baseline_state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    assigned = table.Column<int>(type: "integer", nullable: false),
                    failed_all = table.Column<int>(type: "integer", nullable: false),
                    epochs_executed = table.Column<long>(type: "bigint", nullable: false),
                    epochs_in_flight = table.Column<long>(type: "bigint", nullable: false),
                    device_seconds = table.Column<double>(type: "double precision", nullable: false),
                    best_number = table.Column<int>(type: "integer", nullable: true),
                    best_loss = table.Column<double>(type: "double precision", nullable: true),
                    since_best = table.Column<int>(type: "integer", nullable: false),
                    confirmation = table.Column<int>(type: "integer", nullable: false),
                    confirmations_waiting = table.Column<int>(type: "integer", nullable: false),
                    confirmations_open = table.Column<int>(type: "integer", nullable: false),
                    confirmed = table.Column<string>(type: "text", nullable: true),
                    model_number = table.Column<int>(type: "integer", nullable: true),
                    baseline_model_number = table.Column<int>(type: "integer", nullable: true),
                    probing = table.Column<bool>(type: "boolean", nullable: false),
                    probe = table.Column<string>(type: "text", nullable: true),
                    probe_missing = table.Column<string>(type: "text", nullable: true),
                    scoring = table.Column<bool>(type: "boolean", nullable: false),
                    scores_outstanding = table.Column<int>(type: "integer", nullable: false),
                    test_value = table.Column<double>(type: "double precision", nullable: true),
                    test_baseline_value = table.Column<double>(type: "double precision", nullable: true),
                    test_examples = table.Column<int>(type: "integer", nullable: true),
                    test_standard_error = table.Column<double>(type: "double precision", nullable: true),
                    test_missing = table.Column<string>(type: "text", nullable: true),
                    beats_baseline = table.Column<bool>(type: "boolean", nullable: true),
                    offered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_studies", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "workers",
                columns: table => new
                {
                    incarnation = table.Column<Guid>(type: "uuid", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    device = table.Column<string>(type: "text", nullable: false),
                    device_name = table.Column<string>(type: "text", nullable: false),
                    slots = table.Column<int>(type: "integer", nullable: false),
                    pool = table.Column<string>(type: "text", nullable: false),
                    labels = table.Column<string>(type: "text", nullable: false),
                    precisions = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    drain_reason = table.Column<string>(type: "text", nullable: true),
                    heartbeat_sequence = table.Column<long>(type: "bigint", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    heartbeat_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    stray_slots = table.Column<int>(type: "integer", nullable: false),
                    missing = table.Column<string>(type: "text", nullable: false),
                    failures = table.Column<string>(type: "text", nullable: false),
                    failing_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    idle_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workers", x => x.incarnation);
                });

            migrationBuilder.CreateTable(
                name: "decisions",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    input = table.Column<string>(type: "text", nullable: false),
                    decisions = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_decisions", x => new { x.study_id, x.sequence });
                    table.ForeignKey(
                        name: "fk_decisions_studies",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "epoch_rankings",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    epoch = table.Column<int>(type: "integer", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    cut_loss = table.Column<double>(type: "double precision", nullable: true),
                    cut_number = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_epoch_rankings", x => new { x.study_id, x.epoch });
                    table.ForeignKey(
                        name: "fk_epoch_rankings_studies",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ranked_results",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    bracket = table.Column<int>(type: "integer", nullable: false),
                    level = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    loss = table.Column<double>(type: "double precision", nullable: false),
                    taken = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ranked_results", x => new { x.study_id, x.bracket, x.level, x.number });
                    table.ForeignKey(
                        name: "fk_ranked_results_studies",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "rungs",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    bracket = table.Column<int>(type: "integer", nullable: false),
                    index = table.Column<int>(type: "integer", nullable: false),
                    epochs = table.Column<int>(type: "integer", nullable: false),
                    entered = table.Column<int>(type: "integer", nullable: false),
                    waiting = table.Column<int>(type: "integer", nullable: false),
                    assigned = table.Column<int>(type: "integer", nullable: false),
                    ended = table.Column<int>(type: "integer", nullable: false),
                    finite = table.Column<int>(type: "integer", nullable: false),
                    paused = table.Column<int>(type: "integer", nullable: false),
                    promoted = table.Column<int>(type: "integer", nullable: false),
                    decided = table.Column<bool>(type: "boolean", nullable: false),
                    cut_rank = table.Column<int>(type: "integer", nullable: false),
                    cut_loss = table.Column<double>(type: "double precision", nullable: true),
                    cut_number = table.Column<int>(type: "integer", nullable: true),
                    open_loss = table.Column<double>(type: "double precision", nullable: true),
                    open_number = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rungs", x => new { x.study_id, x.bracket, x.index });
                    table.ForeignKey(
                        name: "fk_rungs_studies",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "segments",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    incarnation = table.Column<Guid>(type: "uuid", nullable: true),
                    assigned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lost_attempts = table.Column<int>(type: "integer", nullable: false),
                    retries = table.Column<int>(type: "integer", nullable: false),
                    avoids = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_segments", x => new { x.study_id, x.kind, x.number });
                    table.ForeignKey(
                        name: "fk_segments_studies",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "study_documents",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    spec = table.Column<string>(type: "text", nullable: false),
                    resolved = table.Column<string>(type: "text", nullable: false),
                    plan = table.Column<string>(type: "text", nullable: false),
                    pool = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    precision = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    labels = table.Column<string>(type: "text", nullable: false),
                    notes = table.Column<string>(type: "text", nullable: true),
                    max_duration_s = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_study_documents", x => x.study_id);
                    table.ForeignKey(
                        name: "fk_study_documents_studies",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "trials",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    confirms = table.Column<int>(type: "integer", nullable: true),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    parameters = table.Column<string>(type: "jsonb", nullable: false),
                    fingerprint = table.Column<long>(type: "bigint", nullable: false),
                    seed = table.Column<long>(type: "bigint", nullable: false),
                    enqueued = table.Column<bool>(type: "boolean", nullable: false),
                    history_sequence = table.Column<long>(type: "bigint", nullable: false),
                    cell = table.Column<int>(type: "integer", nullable: true),
                    bracket = table.Column<int>(type: "integer", nullable: true),
                    rung = table.Column<int>(type: "integer", nullable: true),
                    full_epochs = table.Column<int>(type: "integer", nullable: false),
                    from_epoch = table.Column<int>(type: "integer", nullable: false),
                    to_epoch = table.Column<int>(type: "integer", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    incarnation = table.Column<Guid>(type: "uuid", nullable: true),
                    assigned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    worker = table.Column<Guid>(type: "uuid", nullable: true),
                    epochs = table.Column<int>(type: "integer", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: true),
                    loss = table.Column<double>(type: "double precision", nullable: true),
                    best_epoch = table.Column<int>(type: "integer", nullable: true),
                    best_value = table.Column<double>(type: "double precision", nullable: true),
                    last_value = table.Column<double>(type: "double precision", nullable: true),
                    train_value = table.Column<double>(type: "double precision", nullable: true),
                    averaged = table.Column<int>(type: "integer", nullable: false),
                    average_sum = table.Column<double>(type: "double precision", nullable: false),
                    checkpoint_epoch = table.Column<int>(type: "integer", nullable: false),
                    checkpoint_key = table.Column<string>(type: "text", nullable: true),
                    lost_attempts = table.Column<int>(type: "integer", nullable: false),
                    lost_in_a_row = table.Column<int>(type: "integer", nullable: false),
                    advanced = table.Column<bool>(type: "boolean", nullable: false),
                    retries = table.Column<int>(type: "integer", nullable: false),
                    avoids = table.Column<Guid>(type: "uuid", nullable: true),
                    device_seconds = table.Column<double>(type: "double precision", nullable: false),
                    attempt_seconds = table.Column<double>(type: "double precision", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    diverged = table.Column<bool>(type: "boolean", nullable: false),
                    diverged_epoch = table.Column<int>(type: "integer", nullable: true),
                    error_kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    micro_batch = table.Column<int>(type: "integer", nullable: true),
                    batch_norm_micro = table.Column<bool>(type: "boolean", nullable: false),
                    threads = table.Column<int>(type: "integer", nullable: true),
                    cpu = table.Column<string>(type: "text", nullable: true),
                    libtorch = table.Column<string>(type: "text", nullable: true),
                    head_kept = table.Column<bool>(type: "boolean", nullable: true),
                    validation_examples = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trials", x => new { x.study_id, x.number });
                    table.ForeignKey(
                        name: "fk_trials_studies",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reports",
                columns: table => new
                {
                    study_id = table.Column<string>(type: "character varying(40)", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    epoch = table.Column<int>(type: "integer", nullable: false),
                    val_loss = table.Column<double>(type: "double precision", nullable: true),
                    val_accuracy = table.Column<double>(type: "double precision", nullable: true),
                    val_balanced_accuracy = table.Column<double>(type: "double precision", nullable: true),
                    val_macro_f1 = table.Column<double>(type: "double precision", nullable: true),
                    val_auroc = table.Column<double>(type: "double precision", nullable: true),
                    train_value = table.Column<double>(type: "double precision", nullable: true),
                    fit_loss = table.Column<double>(type: "double precision", nullable: true),
                    learning_rate = table.Column<double>(type: "double precision", nullable: true),
                    seconds = table.Column<double>(type: "double precision", nullable: false),
                    examples_per_second = table.Column<double>(type: "double precision", nullable: true),
                    peak_device_bytes = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reports", x => new { x.study_id, x.number, x.epoch });
                    table.ForeignKey(
                        name: "fk_reports_trials",
                        columns: x => new { x.study_id, x.number },
                        principalTable: "trials",
                        principalColumns: new[] { "study_id", "number" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_feed_study_id",
                table: "feed",
                column: "study_id");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_ranked_results_study_id_bracket_level_loss_number",
                table: "ranked_results",
                columns: new[] { "study_id", "bracket", "level", "loss", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_ranked_results_study_id_bracket_level_taken_loss_number",
                table: "ranked_results",
                columns: new[] { "study_id", "bracket", "level", "taken", "loss", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_segments_incarnation",
                table: "segments",
                column: "incarnation",
                filter: "incarnation IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_studies_created_at",
                table: "studies",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_studies_name",
                table: "studies",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_studies_state",
                table: "studies",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "ix_trials_incarnation",
                table: "trials",
                column: "incarnation",
                filter: "incarnation IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_trials_study_id_cell",
                table: "trials",
                columns: new[] { "study_id", "cell" },
                unique: true,
                filter: "cell IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_trials_study_id_fingerprint",
                table: "trials",
                columns: new[] { "study_id", "fingerprint" });

            migrationBuilder.CreateIndex(
                name: "ix_trials_study_id_history_sequence",
                table: "trials",
                columns: new[] { "study_id", "history_sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_trials_study_id_state_bracket_rung_loss_number",
                table: "trials",
                columns: new[] { "study_id", "state", "bracket", "rung", "loss", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_trials_study_id_state_loss_number",
                table: "trials",
                columns: new[] { "study_id", "state", "loss", "number" },
                filter: "state = 'Completed' AND checkpoint_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_workers_state_lease_until",
                table: "workers",
                columns: new[] { "state", "lease_until" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "decisions");

            migrationBuilder.DropTable(
                name: "epoch_rankings");

            migrationBuilder.DropTable(
                name: "feed");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "ranked_results");

            migrationBuilder.DropTable(
                name: "reports");

            migrationBuilder.DropTable(
                name: "rungs");

            migrationBuilder.DropTable(
                name: "segments");

            migrationBuilder.DropTable(
                name: "study_documents");

            migrationBuilder.DropTable(
                name: "workers");

            migrationBuilder.DropTable(
                name: "trials");

            migrationBuilder.DropTable(
                name: "studies");
        }
    }
}
