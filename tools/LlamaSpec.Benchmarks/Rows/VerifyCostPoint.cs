namespace LlamaSpec.Benchmarks.Rows;

/// <summary>One point of a verify-cost curve.</summary>
/// <param name="Rows">Rows of the decode.</param>
/// <param name="StockMilliseconds">Median time with llama.cpp's own products.</param>
/// <param name="FastMilliseconds">Median time with fast rows.</param>
internal readonly record struct VerifyCostPoint(int Rows, double StockMilliseconds, double FastMilliseconds);
