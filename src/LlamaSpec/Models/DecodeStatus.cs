namespace LlamaSpec.Models;

/// <summary>How a decode ended. All three are expected conditions that the engine handles; anything else is an exception.</summary>
public enum DecodeStatus
{
    /// <summary>Every row was decoded and its KV cache cell is written.</summary>
    Ok,

    /// <summary>The KV cache has no room for the batch. Nothing was written.</summary>
    NoKvSlot,

    /// <summary>The decode was interrupted by <see cref="IModelRunner.RequestAbort"/>. Some rows may be in the KV cache: trim before the next decode.</summary>
    Aborted,
}
