using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class ChatFormatterTests
{
    private static readonly ChatMessage[] Conversation = [ChatMessage.System("Be kind."), ChatMessage.User("Hi")];

    [Test]
    public void WithoutATemplateRolesAndContentsAreLines()
    {
        Assert.That(Format(SyntheticModel.Vocabulary("a"), template: null), Is.EqualTo("system: Be kind.\nuser: Hi\nassistant:"));
    }

    [Test]
    public void WithoutATemplateChatMlIsUsedWhereItsTokensExist()
    {
        var text = Format(SyntheticModel.Vocabulary("<|im_start|>", "<|im_end|>"), template: null);
        Assert.That(text, Is.EqualTo("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"));
    }

    [Test]
    public void ABuiltInFormatIsRecognisedByItsTemplate()
    {
        var text = Format(SyntheticModel.Vocabulary("a"), "{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>{{ m.content }}<|eot_id|>{% endfor %}");
        Assert.That(text, Does.StartWith("<|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|>"));
    }

    [Test]
    public void AnUnknownTemplateIsAClearFailure()
    {
        Assert.That(
            static () => Format(SyntheticModel.Vocabulary("a"), "{{ something nobody has seen }}"),
            Throws.TypeOf<ModelFailureException>().With.Message.EndsWith("none of llama.cpp's built-in formats. Use Prompt with text in the model's own format."));
    }

    private static string Format(string[] vocabulary, string? template)
    {
        using var folder = new TemporaryFolder();
        var writer = SyntheticModel.WithVocabulary(vocabulary, controlTokens: ["<|im_start|>", "<|im_end|>"]);
        if (template is not null)
        {
            writer.Add("tokenizer.chat_template", template);
        }

        writer.Save(folder["model.gguf"]);
        using var model = LlamaModel.Load(folder["model.gguf"]);
        return model.Tokenizer.FormatChat(Conversation, addAssistantTurn: true);
    }
}
