using System.Runtime.InteropServices;

namespace LlamaSpec.Native.Interop;

/// <summary>lsl_model_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ShimModelInfo
{
    public int VocabularySize;
    public int TrainedContextLength;
    public int LayerCount;
    public int HiddenSize;
    public long ParameterCount;
    public long SizeBytes;
    public int HasVocabulary;
    public int IsRecurrent;
    public int BeginToken;
    public int EndToken;
    public int EndOfTurnToken;
    public int AddsBeginToken;
}
