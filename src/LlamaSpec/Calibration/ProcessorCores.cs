namespace LlamaSpec.Calibration;

/// <summary>The processor's cores without their hardware threads.</summary>
internal static class ProcessorCores
{
    private const string TopologyFolder = "/sys/devices/system/cpu";

    /// <summary>Physical cores, as far as the system says; else the logical processors.</summary>
    public static int PhysicalCount { get; } = Math.Clamp(Count(), 1, Environment.ProcessorCount);

    // Logical processors of one core have the same list of siblings.
    private static int Count()
    {
        try
        {
            return Directory.EnumerateDirectories(TopologyFolder, "cpu*")
                .Select(static folder => Path.Combine(folder, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count() is > 0 and var count ? count : Environment.ProcessorCount;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }
}
