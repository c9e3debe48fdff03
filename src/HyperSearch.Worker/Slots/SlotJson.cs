using System.Text.Json.Serialization;

namespace HyperSearch.Worker.Slots;

/// <summary>Compiled serializers: a child is ready sooner without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlotCommand))]
[JsonSerializable(typeof(SlotEvent))]
internal sealed partial class SlotJson : JsonSerializerContext;
