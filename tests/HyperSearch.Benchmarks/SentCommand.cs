using System.Data.Common;

namespace HyperSearch.Benchmarks;

/// <summary>A command as it was sent.</summary>
internal sealed record SentCommand(string Text, DbParameter[] Parameters);
