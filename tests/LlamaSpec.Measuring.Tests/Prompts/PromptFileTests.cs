using LlamaSpec.Measuring.Prompts;

namespace LlamaSpec.Measuring.Tests.Prompts;

public sealed class PromptFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void TheFirstQuestionsOfEachCategoryAreReadInOrder()
    {
        var path = Write(
            """{"id": 82, "category": "writing", "turns": ["Draft an email.", "Shorten it."]}""",
            "",
            """{"category": "math", "turns": ["1 + 1?"], "id": "m-1", "more": true}""",
            """{"id": 84, "category": "writing", "turns": ["Write a poem."]}""",
            """{"id": 86, "category": "writing", "turns": ["Write a play."]}""");
        Assert.That(PromptFile.Read(path, 2), Is.EqualTo((BenchmarkPrompt[])
        [
            new("82", "writing", "Draft an email."), new("m-1", "math", "1 + 1?"), new("84", "writing", "Write a poem."),
        ]));
    }

    [Test]
    public void OnlyTheNamedCategoriesAreRead()
    {
        var path = Write(
            """{"id": 1, "category": "rag", "turns": ["A?"]}""", """{"id": 2, "category": "math", "turns": ["B?"]}""",
            """{"id": 3, "category": "writing", "turns": ["C?"]}""", """{"id": 4, "category": "rag", "turns": ["D?"]}""");
        Assert.That(PromptFile.Read(path, 1, ["rag", "writing"]).Select(static one => one.Id), Is.EqualTo((string[])["1", "3"]));
        Assert.That(
            () => PromptFile.Read(path, 1, ["rag", "summaries"]),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("prompts.jsonl has no category \"summaries\". It has rag, math, writing."));
    }

    [TestCase("no json")]
    [TestCase("[1]")]
    [TestCase("""{"id": 1, "category": "a"}""")]
    [TestCase("""{"id": 1, "category": "a", "turns": []}""")]
    [TestCase("""{"id": 1, "category": "a", "turns": [""]}""")]
    [TestCase("""{"id": 1, "category": "a", "turns": [7]}""")]
    [TestCase("""{"id": 1, "category": 2, "turns": ["b"]}""")]
    [TestCase("""{"id": null, "category": "a", "turns": ["b"]}""")]
    [TestCase("""{"category": "a", "turns": ["b"]}""")]
    public void ABadLineIsNamedByItsNumber(string line)
    {
        var path = Write("""{"id": 0, "category": "a", "turns": ["b"]}""", "", line);
        Assert.That(
            () => PromptFile.Read(path, 1),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("prompts.jsonl, line 3: not a JSON object with \"id\""));
    }

    [Test]
    public void AnIdThatOccursTwiceIsNamedWithBothLines()
    {
        var line = """{"id": 5, "category": "a", "turns": ["b"]}""";
        Assert.That(
            () => PromptFile.Read(Write(line, line), 1),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("prompts.jsonl, line 2: the id 5 is that of line 1 too. Give each question its own."));
    }

    [Test]
    public void AnEmptyFileIsAnError() =>
        Assert.That(() => PromptFile.Read(Write(""), 1), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("prompts.jsonl holds no questions."));

    private string Write(params string[] lines)
    {
        File.WriteAllLines(_folder["prompts.jsonl"], lines);
        return _folder["prompts.jsonl"];
    }
}
