using System.Runtime.CompilerServices;
using LLama.Exceptions;
using LLama.Native;

namespace LlamaSpec.LLamaSharp;

/// <summary>
/// Whether LLamaSharp and its native libraries are of versions that fit each other and this assembly. LLamaSharp's assembly
/// carries no version number: its form of llama.cpp's context parameters tells the versions apart.
/// </summary>
public static class LLamaSharpVersion
{
    // sizeof(llama_context_params) as LLamaSharp declares it: 0.26, and 0.27 to 0.28 with two more numbers.
    private static readonly int[] TestedBytes = [136, 144];

    private static readonly Lazy<string?> Answer = new(Ask);

    /// <summary>The versions of LLamaSharp that were tested; 0.27 has the structures of 0.28.</summary>
    public const string Tested = "0.26 and 0.28";

    /// <summary>Why the LLamaSharp of this process cannot be used, with what to do next; null when it can. Loads its native libraries.</summary>
    public static string? WhyUnfit() => Answer.Value;

    // LLamaSharp goes on with a list of guesses.
    private static string FirstLineOf(Exception error) => error.Message.Trim().Split(['\r', '\n'])[0];

    /// <exception cref="NotSupportedException">It cannot be used.</exception>
    internal static void ThrowIfUnfit()
    {
        if (WhyUnfit() is { } reason)
        {
            throw new NotSupportedException(reason);
        }
    }

    internal static string? WhyUntested(int parameterBytes) => TestedBytes.Contains(parameterBytes)
        ? null
        : $"This LLamaSharp has context parameters of {parameterBytes} bytes; LlamaSpec was tested with LLamaSharp {Tested}, which have "
            + $"{string.Join(" or ", TestedBytes)}. Use one of these versions.";

    // Fields from the start to the end of the structure, whose defaults have been the same for years: a structure of another
    // shape shows others in their place.
    internal static string? WhyForeign(LLamaContextParams defaults, string? file) => defaults is
    {
        n_ctx: 512, n_batch: 2048, n_ubatch: 512, n_seq_max: 1, n_threads: > 0, n_threads_batch: > 0,
        rope_scaling_type: RopeScalingType.Unspecified, type_k: GGMLType.GGML_TYPE_F16, type_v: GGMLType.GGML_TYPE_F16,
        cb_eval: 0, abort_callback: 0, abort_callback_user_data: 0, samplers: 0, n_samplers: 0,
    }
        ? null
        : $"LLamaSharp's native libraries ({file ?? "where they are, the system does not tell"}) are of another version than its managed part: the default parameters "
            + $"of a context read n_ctx = {defaults.n_ctx}, n_threads = {defaults.n_threads}, n_threads_batch = {defaults.n_threads_batch}, type_k = {(int)defaults.type_k}. "
            + "Reference a LLamaSharp.Backend package of the same version as LLamaSharp, and see that no other libllama is found first (NativeLibraryConfig, LD_LIBRARY_PATH).";

    private static string? Ask()
    {
        try
        {
            // The first call makes LLamaSharp find and load its libraries.
            NativeApi.llama_empty_call();
        }
        catch (Exception error) when (error is TypeInitializationException or RuntimeError or DllNotFoundException or EntryPointNotFoundException)
        {
            return "LLamaSharp cannot load its native libraries. Reference a backend package of the same version, for example LLamaSharp.Backend.Cpu or "
                + $"LLamaSharp.Backend.Cuda12. LLamaSharp says: {FirstLineOf(error.InnerException ?? error)}";
        }

        var file = LoadedLlama.TryFindFile();
        return WhyUntested(Unsafe.SizeOf<LLamaContextParams>()) ?? WhyForeign(LoadedLlama.ReadDefaults(file), file);
    }
}
