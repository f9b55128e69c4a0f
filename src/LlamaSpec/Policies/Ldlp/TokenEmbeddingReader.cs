namespace LlamaSpec.Policies.Ldlp;

/// <summary>Reads the target's embedding of one token.</summary>
/// <param name="token">Target id.</param>
/// <param name="row">Receives the values; as many as a hidden row has.</param>
public delegate void TokenEmbeddingReader(int token, Span<float> row);
