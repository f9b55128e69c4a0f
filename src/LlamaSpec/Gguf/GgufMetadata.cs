using System.Diagnostics.CodeAnalysis;

namespace LlamaSpec.Gguf;

/// <summary>The key-value pairs of a GGUF file, in the file's order.</summary>
internal sealed class GgufMetadata
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, GgufValue> _values = [];

    public IReadOnlyList<string> Keys => _keys;

    public GgufValue this[string key] => _values[key];

    /// <summary>Replaces a value where it stands, or adds it at the end.</summary>
    public GgufMetadata Set(string key, GgufValue value)
    {
        if (!_values.ContainsKey(key))
        {
            _keys.Add(key);
        }

        _values[key] = value;
        return this;
    }

    public bool TryGet(string key, [NotNullWhen(true)] out GgufValue? value) => _values.TryGetValue(key, out value);

    /// <summary>The text of a key, or null when it is absent or no text.</summary>
    public string? Text(string key) => _values.GetValueOrDefault(key)?.AsText();

    /// <summary>The whole number of a key, or null when it is absent or none.</summary>
    public long? Integer(string key) => _values.GetValueOrDefault(key)?.AsInteger();

    /// <summary>The real number of a key, or null when it is absent or none.</summary>
    public float? Real(string key) => _values.GetValueOrDefault(key)?.AsReal();

    /// <summary>A copy whose values can be replaced without touching this one.</summary>
    public GgufMetadata Copy()
    {
        var copy = new GgufMetadata();
        _keys.ForEach(key => copy.Set(key, _values[key]));
        return copy;
    }
}
