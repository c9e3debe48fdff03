using System.Text.Json;
using HyperSearch.Api.Studies;
using HyperSearch.Core.Studies;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>The rules of recently used studies: built from the stored document, which never changes.</summary>
internal sealed class StudyRulesCache(IOptions<CoordinationOptions> options) : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 1000 });

    public KnownStudy? Find(string studyId) => _cache.Get<KnownStudy>(studyId);

    public KnownStudy Add(StudyDocument document)
    {
        using JsonDocument resolved = JsonDocument.Parse(document.Resolved);
        StudyRules rules = new(StudySpecJson.From(resolved.RootElement), options.Value.MaxLostAttempts);
        return _cache.Set(document.StudyId, new KnownStudy(rules, document.Resolved), new MemoryCacheEntryOptions { Size = 1 });
    }

    public void Dispose() => _cache.Dispose();
}
