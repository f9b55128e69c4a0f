using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace LlamaSpec.Native.Interop;

/// <summary>The functions of native/shim/llamaspec_llama.h, one to one.</summary>
internal static unsafe partial class ShimImports
{
    public const string Library = "llamaspec_llama";

    /// <summary>LSL_ABI_VERSION that this file was written for.</summary>
    public const int AbiVersion = 5;

    [LibraryImport(Library, EntryPoint = "lsl_abi_version")]
    public static partial int GetAbiVersion();

    [LibraryImport(Library, EntryPoint = "lsl_last_message")]
    public static partial byte* GetLastMessage();

    [LibraryImport(Library, EntryPoint = "lsl_llama_version")]
    public static partial byte* GetLlamaVersion();

    [LibraryImport(Library, EntryPoint = "lsl_built_against_version")]
    public static partial byte* GetBuiltAgainstVersion();

    [LibraryImport(Library, EntryPoint = "lsl_initialize", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ShimStatus Initialize(string backendDirectory);

    [LibraryImport(Library, EntryPoint = "lsl_system_info")]
    public static partial ShimStatus GetSystemInfo(byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_gpus")]
    public static partial ShimStatus GetGpus(byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_fast_rows")]
    public static partial ShimStatus GetFastRows(byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_set_log_sink")]
    public static partial ShimStatus SetLogSink(delegate* unmanaged<int, byte*, void> sink);

    [LibraryImport(Library, EntryPoint = "lsl_monitor_create")]
    public static partial ShimStatus MonitorCreate(out ulong monitor);

    [LibraryImport(Library, EntryPoint = "lsl_monitor_progress")]
    public static partial ShimStatus MonitorProgress(MonitorHandle monitor, out float fraction);

    [LibraryImport(Library, EntryPoint = "lsl_monitor_cancel")]
    public static partial ShimStatus MonitorCancel(MonitorHandle monitor);

    [LibraryImport(Library, EntryPoint = "lsl_monitor_free")]
    public static partial ShimStatus MonitorFree(ulong monitor);

    [LibraryImport(Library, EntryPoint = "lsl_model_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ShimStatus ModelLoad(string path, int gpuLayers, int useMemoryMap, MonitorHandle monitor, out ulong model);

    [LibraryImport(Library, EntryPoint = "lsl_model_free")]
    public static partial ShimStatus ModelFree(ulong model);

    [LibraryImport(Library, EntryPoint = "lsl_model_get_info")]
    public static partial ShimStatus ModelGetInfo(ModelHandle model, out ShimModelInfo info);

    [LibraryImport(Library, EntryPoint = "lsl_model_description")]
    public static partial ShimStatus ModelDescription(ModelHandle model, byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_model_metadata", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ShimStatus ModelMetadata(ModelHandle model, string key, byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_embeddings_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ShimStatus EmbeddingsOpen(string path, out ulong embeddings);

    [LibraryImport(Library, EntryPoint = "lsl_embeddings_size")]
    public static partial ShimStatus EmbeddingsSize(EmbeddingsHandle embeddings, out int width, out int rowCount);

    [LibraryImport(Library, EntryPoint = "lsl_embeddings_row")]
    public static partial ShimStatus EmbeddingsRow(EmbeddingsHandle embeddings, int token, float* values, int capacity);

    [LibraryImport(Library, EntryPoint = "lsl_embeddings_free")]
    public static partial ShimStatus EmbeddingsFree(ulong embeddings);

    [LibraryImport(Library, EntryPoint = "lsl_tokenize")]
    public static partial ShimStatus Tokenize(
        ModelHandle model, byte* text, int byteCount, int addSpecial, int parseSpecial, int* tokens, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_token_bytes")]
    public static partial ShimStatus TokenBytes(ModelHandle model, int token, int renderSpecial, byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_token_text")]
    public static partial ShimStatus TokenText(ModelHandle model, int token, byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_token_is_end_of_generation")]
    public static partial ShimStatus TokenIsEndOfGeneration(ModelHandle model, int token, out int isEnd);

    [LibraryImport(Library, EntryPoint = "lsl_chat_format", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ShimStatus ChatFormat(
        ModelHandle model, string? template, byte** roles, byte** contents, int messageCount, int addAssistantTurn, byte* buffer, int capacity, out int length);

    [LibraryImport(Library, EntryPoint = "lsl_context_create")]
    public static partial ShimStatus ContextCreate(ModelHandle model, in ShimContextOptions options, out ulong context);

    [LibraryImport(Library, EntryPoint = "lsl_context_free")]
    public static partial ShimStatus ContextFree(ulong context);

    [LibraryImport(Library, EntryPoint = "lsl_context_capacity")]
    public static partial ShimStatus ContextCapacity(ContextHandle context, out int cellCount, out int rowCapacity);

    [LibraryImport(Library, EntryPoint = "lsl_context_set_threads")]
    public static partial ShimStatus ContextSetThreads(ContextHandle context, int threadCount);

    [LibraryImport(Library, EntryPoint = "lsl_context_set_fast_rows")]
    public static partial ShimStatus ContextSetFastRows(ContextHandle context, int first, int last);

    [LibraryImport(Library, EntryPoint = "lsl_context_fast_product_count")]
    public static partial ShimStatus ContextFastProductCount(ContextHandle context, out long count);

    [LibraryImport(Library, EntryPoint = "lsl_decode")]
    public static partial ShimStatus Decode(
        ContextHandle context, int* tokens, int* positions, int* sequences, int* sequenceCounts, byte* wantsLogits, int rowCount, int wantsHidden);

    [LibraryImport(Library, EntryPoint = "lsl_context_abort")]
    public static partial ShimStatus ContextAbort(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "lsl_logits_row")]
    public static partial ShimStatus LogitsRow(ContextHandle context, int row, out float* logits);

    [LibraryImport(Library, EntryPoint = "lsl_logits_block")]
    public static partial ShimStatus LogitsBlock(ContextHandle context, out float* logits, out int rowCount);

    [LibraryImport(Library, EntryPoint = "lsl_hidden_row")]
    public static partial ShimStatus HiddenRow(ContextHandle context, int row, out float* values);

    [LibraryImport(Library, EntryPoint = "lsl_sequence_copy")]
    public static partial ShimStatus SequenceCopy(ContextHandle context, int from, int to, int start, int end);

    [LibraryImport(Library, EntryPoint = "lsl_sequence_trim")]
    public static partial ShimStatus SequenceTrim(ContextHandle context, int sequence, int position);

    [LibraryImport(Library, EntryPoint = "lsl_sequence_release")]
    public static partial ShimStatus SequenceRelease(ContextHandle context, int sequence);

    [LibraryImport(Library, EntryPoint = "lsl_sequence_length")]
    public static partial ShimStatus SequenceLength(ContextHandle context, int sequence, out int length);
}
