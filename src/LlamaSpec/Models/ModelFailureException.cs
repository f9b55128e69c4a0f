namespace LlamaSpec.Models;

/// <summary>A model could not be loaded or run. The message says why and what to do next.</summary>
public class ModelFailureException : Exception
{
    /// <summary>Creates the exception with the default message.</summary>
    public ModelFailureException()
    {
    }

    /// <summary>Creates the exception with a message that says what to do next.</summary>
    public ModelFailureException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public ModelFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
