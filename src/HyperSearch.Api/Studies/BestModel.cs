using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Artifacts;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace HyperSearch.Api.Studies;

/// <summary>The winner's folder as a zip: built whole in a temporary file, always of the same bytes, so that ranges fit together.</summary>
internal static class BestModel
{
    // The oldest time that a zip can hold: equal contents are equal bytes.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IResult> SendAsync(HttpContext context, string id, SearchDbs dbs, StudyAnswers answers, IArtifactStore store, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag
            || await db.Studies.SingleOrDefaultAsync(s => s.Id == tag.Id, cancellationToken) is not { } study
            || await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is not { } spec)
        {
            return Problems.NoStudy(id);
        }

        Trial? best = study.ModelNumber is { } model
            ? await db.Trials.SingleOrDefaultAsync(t => t.StudyId == study.Id && t.Number == model, cancellationToken)
            : await StudyAnswers.BestAsync(db, study, cancellationToken);
        if (best is not { State: TrialState.Completed })
        {
            string why = study.State.IsFinal() ? "The study ended without a completed trial." : "No searched trial is completed yet.";
            return new Problem(409, Slug.NotFinal, "The study has no winner.", why) { State = SnakeCase.Of(study.State) };
        }

        if (best.CheckpointKey is not { } checkpoint || await FilesAsync(store, ArtifactKeys.BestModel(checkpoint), cancellationToken) is not { Count: > 0 } files)
        {
            return Problems.NotFound(spec.Dataset is null
                ? "Synthetic trials train no model."
                : $"The model of trial {best.Number} is not in the artifact store: the study kept {spec.KeepTop}.");
        }

        string card = ModelCard.Write(study, spec, best);
        EntityTagHeaderValue entityTag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(checkpoint + card)).AsSpan(0, 16))}\"");
        Stream zip = await ZipAsync(store, ArtifactKeys.BestModel(checkpoint), files, card, cancellationToken);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.File(zip, "application/zip", $"{study.Name}-best.zip", best.FinishedAt, entityTag, enableRangeProcessing: true);
    }

    private static async Task<IReadOnlyList<ArtifactFile>> FilesAsync(IArtifactStore store, string key, CancellationToken cancellationToken) =>
        await store.ExistsAsync(key, cancellationToken) ? await store.ListAsync(key, cancellationToken) : [];

    private static async Task<Stream> ZipAsync(IArtifactStore store, string key, IReadOnlyList<ArtifactFile> files, string card, CancellationToken cancellationToken)
    {
        FileStream file = new(Path.Combine(Path.GetTempPath(), $"hypersearch-{Guid.NewGuid():N}.zip"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            await using (ZipArchive zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
            {
                foreach (ArtifactFile part in files)
                {
                    await using Stream source = await store.OpenReadAsync(key, part.Name, cancellationToken);
                    await AddAsync(zip, part.Name, source, cancellationToken);
                }

                if (!files.Any(f => f.Name == ModelCard.FileName))
                {
                    await AddAsync(zip, ModelCard.FileName, new MemoryStream(Encoding.UTF8.GetBytes(card)), cancellationToken);
                }
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task AddAsync(ZipArchive zip, string name, Stream source, CancellationToken cancellationToken)
    {
        // Weights do not get smaller.
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = EntryTime;
        await using Stream target = await entry.OpenAsync(cancellationToken);
        await source.CopyToAsync(target, cancellationToken);
    }
}
