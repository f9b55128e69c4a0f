namespace LlamaSpec.Engine;

/// <summary>A prompt does not fit the context.</summary>
public sealed class PromptTooLongException : ArgumentException
{
    /// <summary>Creates the exception with the default message.</summary>
    public PromptTooLongException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public PromptTooLongException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public PromptTooLongException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception from the figures.</summary>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="contextLength">Tokens that the context holds.</param>
    public PromptTooLongException(int promptTokens, int contextLength)
        : base($"The prompt has {promptTokens} tokens, but the context holds {contextLength}, the answer included. Shorten the prompt or raise the context length.")
    {
        PromptTokens = promptTokens;
        ContextLength = contextLength;
    }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; }

    /// <summary>Tokens that the context holds.</summary>
    public int ContextLength { get; }
}
