using System.Numerics;

namespace LlamaSpec;

/// <summary>Argument checks whose messages say the value, the range and the name.</summary>
internal static class Check
{
    public static void Defined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be a {typeof(T).Name}, but is {value}.");
        }
    }

    public static void Range<T>(T value, T minimum, T maximum, string name)
        where T : INumber<T>
    {
        // Written so that a NaN fails.
        if (!(value >= minimum && value <= maximum))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {minimum} to {maximum}, but is {value}.");
        }
    }
}
