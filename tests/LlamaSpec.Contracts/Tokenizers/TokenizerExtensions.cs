using System.Text;
using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Tokenizers;

/// <summary>What the contracts of <see cref="ITokenizer"/> do again and again.</summary>
internal static class TokenizerExtensions
{
    /// <summary>Tokens of a text and of nothing else.</summary>
    public static int[] EncodePlain(this ITokenizer tokenizer, string text) => tokenizer.Encode(text, addSpecial: false, parseSpecial: false);

    /// <summary>A text made tokens and made text again.</summary>
    public static string RoundTrip(this ITokenizer tokenizer, string text)
    {
        var bytes = new List<byte>();
        var buffer = new byte[tokenizer.MaximumTokenBytes];
        foreach (var token in tokenizer.EncodePlain(text))
        {
            bytes.AddRange(buffer.AsSpan(0, tokenizer.Decode(token, buffer)));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
