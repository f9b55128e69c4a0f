namespace LlamaSpec.Native;

/// <summary>How grave a line of llama.cpp's log is.</summary>
public enum LlamaLogLevel
{
    /// <summary>For those who work on llama.cpp.</summary>
    Debug = 1,

    /// <summary>What is loaded and allocated: some hundred lines a model.</summary>
    Information = 2,

    /// <summary>Odd, but not fatal.</summary>
    Warning = 3,

    /// <summary>The cause of a failure. Exceptions quote these lines already.</summary>
    Error = 4,
}
