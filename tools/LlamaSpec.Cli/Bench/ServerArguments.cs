using System.CommandLine;
using LlamaSpec.Cli.Options;
using LlamaSpec.Measuring;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Cli.Bench;

/// <summary>llama-server's part of the bench command: which one, and how it drafts.</summary>
internal sealed class ServerArguments
{
    private const string LlamaServer = "llama-server";
    private const int MostServerTokens = 64;

    private readonly Option<string?> _against = new("--against") { Description = "Another program to compare with." };
    private readonly Option<string?> _executable = new("--llama-server")
    {
        Description = $"Its executable. Default: that of {LlamaServerSearch.Variable}, in PATH, or built by build.sh llama-server.",
        HelpName = "FILE",
    };
    private readonly Option<string[]> _settings = ListOption.CreateOptional(
        "--server-spec", $"How it drafts: {LlamaServerSetting.Syntax}. Default: none,draft with --server-draft, else none,ngram.",
        static (text, result) =>
        {
            ParsedOption.TryParse(result, text, static setting => LlamaServerSetting.Parse(setting, []));
            return text;
        });
    private readonly Option<string?> _draft = new("--server-draft")
    {
        Description = "Its draft, with the target's whole vocabulary: it cannot read a trimmed one.",
        HelpName = "FILE",
    };
    private readonly Option<int[]> _lengths = ListOption.Numbers(
        "--server-lengths", 1, MostServerTokens, BenchDefaults.ServerLengths, "Lengths of its draft model's drafts.");

    /// <summary>Adds the options to a command.</summary>
    public ServerArguments(Command command)
    {
        _against.AcceptOnlyFromAmong(LlamaServer);
        foreach (var option in (Option[])[_against, _executable, _settings, _draft, _lengths])
        {
            command.Add(option);
        }
    }

    /// <summary>The options, with what the user asked of llama-server.</summary>
    /// <exception cref="UsageException">Two options contradict each other.</exception>
    /// <exception cref="IOException">There is no llama-server.</exception>
    public BenchOptions AddTo(BenchOptions options, ParseResult result)
    {
        var draft = result.GetValue(_draft);
        var named = result.GetValue(_settings) is { Length: > 0 } settings ? settings : null;
        if (result.GetValue(_against) is null && result.GetValue(_executable) is null)
        {
            return named is null
                ? options with { ServerDraftPath = draft }
                : throw new UsageException($"{_settings.Name} is for llama-server: add --against {LlamaServer}.");
        }

        var lengths = result.GetRequiredValue(_lengths);
        return options with
        {
            ServerPath = LlamaServerSearch.Find(result.GetValue(_executable)),
            ServerDraftPath = draft,
            ServerSettings =
            [
                .. (named ?? BenchDefaults.ServerSettings(hasDraft: draft is not null))
                    .SelectMany(one => LlamaServerSetting.Parse(one, lengths)).Distinct(),
            ],
        };
    }
}
