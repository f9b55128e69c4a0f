namespace LlamaSpec.Native;

/// <summary>A native library is missing, cannot be loaded, or does not fit this build. The message says what was tried and what to do.</summary>
public class NativeLibraryException : DllNotFoundException
{
    /// <summary>Creates the exception with the default message.</summary>
    public NativeLibraryException()
    {
    }

    /// <summary>Creates the exception with a message that says what to do next.</summary>
    public NativeLibraryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public NativeLibraryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
