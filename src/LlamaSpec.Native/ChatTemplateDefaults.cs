using System.Text.RegularExpressions;

namespace LlamaSpec.Native;

/// <summary>
/// Finds the system prompt that a ChatML-like template adds when a conversation starts without one. llama.cpp's built-in
/// formats recognise the template but leave that prompt out, and the model was trained with it.
/// </summary>
internal static partial class ChatTemplateDefaults
{
    /// <summary>The default system prompt, or null when the template adds none.</summary>
    public static string? FindSystemPrompt(string template)
    {
        var match = DefaultSystemPrompt().Match(template);
        if (!match.Success)
        {
            return null;
        }

        // Inside a Jinja string a newline or a quote may be escaped.
        return match.Groups["prompt"].Value.Replace("\\n", "\n").Replace("\\'", "'").Replace("\\\"", "\"");
    }

    // The bound keeps a hostile template from running for long.
    [GeneratedRegex(
        """messages\[0\](?:\[['"]role['"]\]|\.role)\s*!=\s*['"]system['"][^<]{0,200}<\|im_start\|>system(?:\n|\\n)(?<prompt>(?:(?!<\|im_end\|>|\{\{|\}\}|' ?\+|" ?\+)[\s\S]){1,4000})<\|im_end\|>""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex DefaultSystemPrompt();
}
