# LLamaSharp, the second backend: the package (1), an assembly built elsewhere (its path), or nothing: then it is left out. See llamasharp.sh.

$LLamaSharp = $env:LLAMASPEC_LLAMASHARP

# --with-llamasharp or --with-llamasharp=PATH; false for any other option. PowerShell would split a twin with one dash at the colon of a path.
function Read-LLamaSharpOption([string] $Option) {
    if ($Option -notmatch '^--with-llamasharp(?:=(.*))?$') { return $false }
    $script:LLamaSharp = if ($Matches.ContainsKey(1)) { $Matches[1] } else { '1' }
    return $true
}

# Takes the option off the front of a verb's arguments.
function Skip-LLamaSharpOption([string[]] $Arguments) {
    $rest = @($Arguments)
    while ($rest.Count -gt 0 -and (Read-LLamaSharpOption $rest[0])) { $rest = @($rest | Select-Object -Skip 1) }
    return , [string[]]$rest
}

# MSBuild takes properties from the environment, which belongs to the caller's shell: Undo-LLamaSharp gives it back.
$LLamaSharpBefore = @($env:WithLLamaSharp, $env:LLamaSharpAssembly)

function Resolve-LLamaSharp {
    if (-not $script:LLamaSharp) { return }
    if ($script:LLamaSharp -eq '1') {
        $env:WithLLamaSharp = 'true'
        $env:LLamaSharpAssembly = $null
        return
    }
    $path = [IO.Path]::Combine($CallerDirectory, $script:LLamaSharp)
    if (-not (Test-Path -PathType Leaf -LiteralPath $path) -or [IO.Path]::GetFileName($path) -ne 'LLamaSharp.dll') {
        Fail @("There is no LLamaSharp assembly at $path.", 'Give the path of LLamaSharp.dll, or --with-llamasharp alone for the package.')
    }
    $env:LLamaSharpAssembly = $path
}

function Undo-LLamaSharp {
    $env:WithLLamaSharp, $env:LLamaSharpAssembly = $script:LLamaSharpBefore
}

function Write-LLamaSharpNote {
    if ($env:WithLLamaSharp -ne 'true' -and -not $env:LLamaSharpAssembly) {
        Say 'note    LlamaSpec.LLamaSharp is left out of this build; --with-llamasharp[=PATH] includes it (help tells more)'
    }
}

function Write-UnpackedLLamaSharp {
    if ($env:LLamaSharpAssembly) {
        Say 'note    LlamaSpec.LLamaSharp is not packed: it would depend on an assembly that is no package; --with-llamasharp alone packs it'
    }
}

# For a build that failed.
function Write-LLamaSharpAdvice([string] $Log) {
    if ($env:WithLLamaSharp -ne 'true') { return }
    if (Select-String -Quiet -LiteralPath $Log -Pattern 'error NU(110[123]: Unable to find package LLamaSharp|1301:)') {
        Say 'hint    LLamaSharp was not found. RestoreAdditionalProjectSources=FOLDER-OR-URL names one more package source;'
        Say '        --with-llamasharp=path\to\LLamaSharp.dll takes an assembly instead of the package.'
    }
}
