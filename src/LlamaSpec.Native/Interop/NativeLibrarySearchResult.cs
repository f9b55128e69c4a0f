namespace LlamaSpec.Native.Interop;

/// <summary>A loaded library and the directory it came from.</summary>
internal sealed record NativeLibrarySearchResult(nint Handle, string Directory);
