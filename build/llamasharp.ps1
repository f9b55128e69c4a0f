# LLamaSharp, the second backend: the package (1), an assembly built elsewhere (its path), or nothing: then it is left out. See llamasharp.sh.

$LLamaSharp = $env:LLAMASPEC_LLAMASHARP

# --with-llamasharp, --with-llamasharp=PATH, or the twin spelled -WithLLamaSharp; false for any other option.
function Read-LLamaSharpOption([string] $Option) {
    if ($Option -notmatch '^(--with-llamasharp|-WithLLamaSharp)(?:[=:](.*))?$') { return $false }
    $script:LLamaSharp = if ($Matches.ContainsKey(2)) { $Matches[2] } else { '1' }
    return $true
}

# Takes the option off the front of a verb's arguments.
function Skip-LLamaSharpOption([string[]] $Arguments) {
    $rest = @($Arguments)
    while ($rest.Count -gt 0 -and (Read-LLamaSharpOption $rest[0])) { $rest = @($rest | Select-Object -Skip 1) }
    return , [string[]]$rest
}

# MSBuild takes properties from the environment.
function Resolve-LLamaSharp {
    if (-not $script:LLamaSharp) { return }
    if ($script:LLamaSharp -eq '1') { $env:WithLLamaSharp = 'true'; return }
    $path = [IO.Path]::Combine($CallerDirectory, $script:LLamaSharp)
    if (-not (Test-Path -PathType Leaf $path)) { Fail "There is no LLamaSharp assembly at $path. Give the path of LLamaSharp.dll, or --with-llamasharp alone for the package." }
    $env:LLamaSharpAssembly = $path
}

function Write-LLamaSharpNote {
    if (-not $env:WithLLamaSharp -and -not $env:LLamaSharpAssembly) {
        Say 'note    LlamaSpec.LLamaSharp is left out of this build; --with-llamasharp[=PATH] includes it (help tells more)'
    }
}
