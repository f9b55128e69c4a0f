using System.Text;
using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>Writes conversations in llama.cpp's built-in chat formats.</summary>
internal static unsafe class ChatTemplates
{
    /// <summary>The conversation as the template of that text or name writes it.</summary>
    /// <exception cref="ModelFailureException">The template is none of llama.cpp's built-in formats.</exception>
    public static string Render(ModelHandle model, string template, IReadOnlyList<ChatMessage> messages, bool addAssistantTurn)
    {
        var strings = new List<byte>();
        var roleStarts = new int[messages.Count];
        var contentStarts = new int[messages.Count];
        for (var i = 0; i < messages.Count; i++)
        {
            roleStarts[i] = AppendTerminated(strings, messages[i].Role);
            contentStarts[i] = AppendTerminated(strings, messages[i].Content);
        }

        var roles = new nint[messages.Count];
        var contents = new nint[messages.Count];
        fixed (byte* text = strings.ToArray())
        fixed (nint* rolePointers = roles, contentPointers = contents)
        {
            for (var i = 0; i < messages.Count; i++)
            {
                roles[i] = (nint)(text + roleStarts[i]);
                contents[i] = (nint)(text + contentStarts[i]);
            }

            return ShimText.Read(
                new Conversation(model, template, (byte**)rolePointers, (byte**)contentPointers, messages.Count, addAssistantTurn),
                static (Conversation state, byte* buffer, int capacity, out int length) => ShimImports.ChatFormat(
                    state.Model, state.Template, state.Roles, state.Contents, state.Count, state.AddAssistantTurn ? 1 : 0, buffer, capacity, out length));
        }
    }

    private static int AppendTerminated(List<byte> strings, string text)
    {
        var start = strings.Count;
        strings.AddRange(Encoding.UTF8.GetBytes(text));
        strings.Add(0);
        return start;
    }

    private readonly struct Conversation(ModelHandle model, string template, byte** roles, byte** contents, int count, bool addAssistantTurn)
    {
        public readonly ModelHandle Model = model;
        public readonly string Template = template;
        public readonly byte** Roles = roles;
        public readonly byte** Contents = contents;
        public readonly int Count = count;
        public readonly bool AddAssistantTurn = addAssistantTurn;
    }
}
