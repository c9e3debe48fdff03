namespace HyperSearch.Api.Studies;

/// <summary>What became of a new study. The closed choices are the nested records.</summary>
internal abstract record StoreOutcome
{
    private StoreOutcome()
    {
    }

    /// <summary>It is stored.</summary>
    public sealed record Added(string Answer) : StoreOutcome;

    /// <summary>A study has its name.</summary>
    public sealed record NameTaken(string Id) : StoreOutcome;

    /// <summary>Another request with its idempotency key was faster.</summary>
    public sealed record KeyTaken(IdempotencyKey Key) : StoreOutcome;

    /// <summary>Another request with its idempotency key is still in flight.</summary>
    public sealed record KeyBusy : StoreOutcome;
}
