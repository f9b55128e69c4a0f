using System.Text;
using LlamaSpec.Models;

namespace LlamaSpec.Tests.Models;

public sealed class VocabularyFingerprintTests
{
    [Test]
    public void ItTellsVocabulariesApart()
    {
        string[][] vocabularies = [["a", "b"], ["b", "a"], ["a", "b", ""], ["ab", ""], ["", "ab"], ["a\u0001", "b"]];
        var prints = vocabularies.Select(static tokens => VocabularyFingerprint.Of(new ListTokenizer(tokens))).ToArray();
        Assert.That(prints, Is.Unique);
        Assert.That(VocabularyFingerprint.Of(new ListTokenizer(["a", "b"])), Is.EqualTo(prints[0]).And.Length.EqualTo(32));
    }

    private sealed class ListTokenizer(string[] tokens) : ITokenizer
    {
        public int VocabularySize => tokens.Length;

        public int MaximumTokenBytes => 8;

        public int[] Encode(string text, bool addSpecial, bool parseSpecial) => throw new NotSupportedException();

        public int Decode(int token, Span<byte> utf8) => Encoding.UTF8.GetBytes(tokens[token], utf8);

        public bool IsEndOfGeneration(int token) => false;

        public string FormatChat(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn) => throw new NotSupportedException();
    }
}
