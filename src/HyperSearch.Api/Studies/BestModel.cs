using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Artifacts;
using Microsoft.Net.Http.Headers;

namespace HyperSearch.Api.Studies;

/// <summary>The winner's folder as a zip: built whole in a temporary file, always of the same bytes, so that ranges fit together.</summary>
internal static class BestModel
{
    // The oldest time that a zip can hold: equal contents are equal bytes.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IResult> SendAsync(HttpContext context, string id, SearchDbs dbs, StudyAnswers answers, IArtifactStore store, CancellationToken cancellationToken)
    {
        (StoredModel? model, Problem? problem) = await StoredModel.FindAsync(id, dbs, answers, store, cancellationToken);
        if (model is null)
        {
            return problem!;
        }

        string card = ModelCard.Write(model.Study, model.Spec, model.Trial);
        EntityTagHeaderValue entityTag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model.Checkpoint + card)).AsSpan(0, 16))}\"");
        Stream zip = await ZipAsync(store, model.Key, model.Files, card, cancellationToken);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.File(zip, "application/zip", $"{model.Study.Name}-best.zip", model.Trial.FinishedAt, entityTag, enableRangeProcessing: true);
    }

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
