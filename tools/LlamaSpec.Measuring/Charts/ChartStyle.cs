namespace LlamaSpec.Measuring.Charts;

/// <summary>The style sheet of the charts, for light and dark pages. A page includes it once.</summary>
internal static class ChartStyle
{
    private const int ColourCount = 8;

    /// <summary>The rules. Colours are those of Okabe and Ito, which most colour-blind people can tell apart, lighter on dark pages.</summary>
    public const string Css =
        """
        :root { --ink: #1b1b1b; --faint: #6b6b6b; --grid: #e2e2e2; --paper: #ffffff; --panel: #f6f6f6;
          --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b0578d; --c4: #8a6d00; --c5: #3a8fc4; --c6: #7a4fbf; --c7: #555555; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8e8e8; --faint: #a0a0a0; --grid: #3a3a3a; --paper: #161616; --panel: #202020;
            --c0: #4aa8e0; --c1: #f08a45; --c2: #2fc79a; --c3: #df8fbd; --c4: #e0c040; --c5: #8ccbf0; --c6: #b598ee; --c7: #b5b5b5; } }
        svg.chart { max-width: 100%; height: auto; display: block; }
        svg.chart text { fill: var(--ink); font: 12px system-ui, sans-serif; }
        svg.chart .grid { stroke: var(--grid); stroke-width: 1; }
        svg.chart .axis { stroke: var(--faint); stroke-width: 1; }
        svg.chart .reference { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
        svg.chart .line { fill: none; stroke-width: 2; }
        svg.chart .hollow { fill: var(--paper); stroke-width: 2; }
        svg.chart .whisker { stroke-width: 1.5; }
        .s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); }
        .s4 { stroke: var(--c4); } .s5 { stroke: var(--c5); } .s6 { stroke: var(--c6); } .s7 { stroke: var(--c7); }
        .f0 { fill: var(--c0); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); }
        .f4 { fill: var(--c4); } .f5 { fill: var(--c5); } .f6 { fill: var(--c6); } .f7 { fill: var(--c7); }
        """;

    /// <summary>The class that draws a series' lines. After eight series the colours start again.</summary>
    public static string Stroke(int series) => $"s{series % ColourCount}";

    /// <summary>The class that fills a series' shapes; where the colours start again, they are hollow.</summary>
    public static string Fill(int series) => series < ColourCount ? $"f{series}" : $"{Stroke(series)} hollow";
}
