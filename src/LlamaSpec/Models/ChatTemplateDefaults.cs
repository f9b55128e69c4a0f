using System.Text.RegularExpressions;

namespace LlamaSpec.Models;

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

        // A concatenation ("..." + variable + "...") is no fixed text.
        var prompt = match.Groups["prompt"].Value;
        if (prompt.Contains("' +", StringComparison.Ordinal) || prompt.Contains("\" +", StringComparison.Ordinal))
        {
            return null;
        }

        // Inside a Jinja string a newline or a quote may be escaped.
        return prompt.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal);
    }

    // Bounded and without backtracking, so that a hostile template cannot keep it busy.
    [GeneratedRegex(
        """messages\[0\](?:\[['"]role['"]\]|\.role)\s{0,9}!=\s{0,9}['"]system['"](?>[^<]{0,200})<\|im_start\|>system(?:\n|\\n)(?<prompt>(?>[^<{}]{1,4000}))<\|im_end\|>""",
        RegexOptions.CultureInvariant)]
    private static partial Regex DefaultSystemPrompt();
}
