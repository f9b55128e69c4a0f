using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class ChatTemplateDefaultsTests
{
    [Test]
    public void TheDefaultOfTheEmbeddedTargetIsFound()
    {
        Assert.That(
            ChatTemplateDefaults.FindSystemPrompt(EmbeddedModels.Target.ChatTemplate!),
            Is.EqualTo("You are a helpful AI assistant named SmolLM, trained by Hugging Face"));
    }

    [TestCase("""{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are Qwen.<|im_end|>\n' }}{% endif %}""", "You are Qwen.")]
    [TestCase("""{% if messages[0]["role"] != "system" %}{{ "<|im_start|>system\nIt\'s me.\nTwo lines.<|im_end|>\n" }}{% endif %}""", "It's me.\nTwo lines.")]
    [TestCase("""{%- if messages[0].role != 'system' %}{{- '<|im_start|>system\nShort.<|im_end|>' }}""", "Short.")]
    public void DefaultsInOtherSpellingsAreFound(string template, string expected)
    {
        Assert.That(ChatTemplateDefaults.FindSystemPrompt(template), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' }}{% endfor %}")]
    [TestCase("{% if messages[0]['role'] == 'system' %}{{ '<|im_start|>system\nNever a default.<|im_end|>' }}{% endif %}")]
    [TestCase("{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n' + default_prompt + '<|im_end|>' }}{% endif %}")]
    [TestCase("{% if messages[0]['role'] != 'system' %}{{ raise_exception('no system') }}{% endif %}")]
    public void TemplatesWithoutADefaultHaveNone(string template) => Assert.That(ChatTemplateDefaults.FindSystemPrompt(template), Is.Null);

    [Test]
    public void AHostileTemplateIsQuick()
    {
        var template = string.Concat(Enumerable.Repeat("messages[0]['role'] != 'system'<|im_start|>system\n", 20_000));
        Assert.That(() => ChatTemplateDefaults.FindSystemPrompt(template), Is.Null);
    }
}
