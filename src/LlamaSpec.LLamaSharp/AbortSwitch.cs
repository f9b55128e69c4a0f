using System.Runtime.InteropServices;

namespace LlamaSpec.LLamaSharp;

/// <summary>Tells llama.cpp's processor backend to give a decode up; it asks before each node of the graph, on the thread that decodes.</summary>
internal sealed class AbortSwitch
{
    private readonly IsWanted _isWanted;
    private volatile bool _isRequested;

    public AbortSwitch()
    {
        _isWanted = _ => _isRequested ? (byte)1 : (byte)0;
        Callback = Marshal.GetFunctionPointerForDelegate(_isWanted);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate byte IsWanted(nint data);

    /// <summary>For llama.cpp; valid as long as this object is referenced.</summary>
    public nint Callback { get; }

    /// <summary>Whether an abort was requested since <see cref="Reset"/>.</summary>
    public bool IsRequested => _isRequested;

    public void Request() => _isRequested = true;

    public void Reset() => _isRequested = false;
}
