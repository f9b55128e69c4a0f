<#
.SYNOPSIS
Builds, tests and runs LlamaSpec: the twin of build.sh for Windows (PowerShell 5.1 or 7); works on Linux and macOS too.
.DESCRIPTION
.\build.ps1 VERB [options], the verbs of build.sh; '.\build.ps1 help' lists them.
Progress goes to stderr, full logs to artifacts\log; stdout belongs to the verb.
#>
# No param block: every argument must reach the verb as it was written.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSNativeCommandUseErrorActionPreference = $false

$CallerDirectory = (Get-Location).ProviderPath
$Root = $PSScriptRoot
$PipedInput = if ($MyInvocation.ExpectingInput) { @($input) } else { $null }
foreach ($part in @('common', 'toolchain', 'llama', 'cuda', 'native', 'llamasharp', 'test')) { . (Join-Path (Join-Path $Root 'build') "$part.ps1") }

function Invoke-Setup {
    Assert-Toolchain
    Resolve-Llama
    Resolve-Cuda
}

function Invoke-Build {
    Invoke-Setup
    Resolve-LLamaSharp
    Build-Native
    Start-Stage 'build'
    Invoke-Logged 'build' 'dotnet' @('build', 'LlamaSpec.sln', '-c', 'Release', "-m:$Jobs", '--nologo', '-v', 'quiet', '-tl:off')
    Connect-CudaToPrograms
    Complete-Stage 'build' 'LlamaSpec.sln'
    Write-LLamaSharpNote
}

# Runs the CLI in the caller's directory. Its output is not piped, so it keeps the console and the exit code.
function Invoke-Cli([string[]] $Arguments) {
    Set-Location $CallerDirectory
    $ErrorActionPreference = 'Continue'
    # Without a console there is nothing to set.
    try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { $null = $_ }
    if ($null -ne $PipedInput) { $PipedInput | & dotnet exec $CliPath @Arguments } else { & dotnet exec $CliPath @Arguments }
    exit $LASTEXITCODE
}

# Builds unless --no-build; returns the arguments that belong to the CLI.
function Build-ForRun([string[]] $Arguments) {
    $rest = @($Arguments)
    if ($rest.Count -gt 0 -and $rest[0] -eq '--no-build') {
        if (-not (Test-Path $CliPath)) { Fail 'Nothing is built yet: run .\build.ps1 build first.' }
        $rest = @($rest | Select-Object -Skip 1)
    } else { Invoke-Build }
    if ($rest.Count -gt 0 -and $rest[0] -eq '--') { $rest = @($rest | Select-Object -Skip 1) }
    return , [string[]]$rest
}

function Invoke-Bench {
    param([string[]]$Arguments)
    Invoke-Build
    $benchmarks = [IO.Path]::Combine($Artifacts, 'bin', 'LlamaSpec.Benchmarks', 'release', 'LlamaSpec.Benchmarks.dll')
    if ($Arguments.Count -gt 0 -and $Arguments[0] -eq 'end-to-end') { Invoke-Cli (@('bench') + @($Arguments | Select-Object -Skip 1)) }
    if ($Arguments.Count -gt 0) {
        dotnet exec $benchmarks @Arguments
        return
    }
    foreach ($program in 'llamaspec_kernels_bench', 'llamaspec_rows_bench', 'llamaspec_cuda_bench') {
        $name = if ($OnWindows) { "$program.exe" } else { $program }
        $bench = Join-Path $NativeOutput $name
        if (Test-Path $bench) { & $bench } else { Say "no benchmark at $bench" }
    }
    dotnet exec $benchmarks verify-cost
    dotnet exec $benchmarks concurrency
    Invoke-Cli @('demo')
}

function Invoke-Pack {
    Invoke-Build
    Start-Stage 'pack'
    $packages = Join-Path $Artifacts 'packages'
    if (Test-Path $packages) { Remove-Item -Path (Join-Path $packages '*.nupkg') }
    Invoke-Logged 'pack' 'dotnet' @('pack', 'LlamaSpec.sln', '-c', 'Release', '--no-build', '--nologo', '-v', 'quiet', '-tl:off', '-o', $packages)
    Complete-Stage 'pack' $packages
    Write-UnpackedLLamaSharp
}

function Get-UsageText {
    return @"
LlamaSpec: lossless speculative decoding over llama.cpp.

usage: .\build.ps1 VERB [options]

  setup            check the tools, fetch the pinned llama.cpp (once, into the cache)
    --from-source      build llama.cpp from its source instead of using the published binaries
    --cuda[=12|13]     also ggml's backend for NVIDIA GPUs (about 150 MB), for the CUDA that is installed; holds until clean
  native           build the C and C++ libraries into artifacts/native/<platform>
    --sanitize         instead: build with address and undefined-behaviour sanitizers, run the native tests
  build            setup, native, and the .NET solution
    --with-llamasharp  also LlamaSpec.LLamaSharp, over the LLamaSharp package; first option, also of test, bench and pack
    --with-llamasharp=PATH   the same over a LLamaSharp.dll built elsewhere
  test             build, then all tests; the last line is the count
    --native-only      only the native tests (CTest)
    --managed-only     only the .NET tests
    --filter X ...     passed on to dotnet test (only the .NET tests then)
  demo [args]      build, then 'llamaspec demo' with the embedded models
  run [--] args    build, then the llamaspec command line in your directory
    --no-build         use what was built last (also for demo)
  bench            build, then measure: the kernels, the cost of a row, requests at once, and the demo
    VERB [args]        one of the benchmarks: verify-cost, verify-trees, fidelity, concurrency, widen; --help tells more;
                       end-to-end is 'llamaspec bench': policies against plain decoding and llama-server
  llama-server     build llama.cpp's server from the pinned source into the cache, to measure against
  pack             NuGet packages into artifacts/packages
  clean            remove artifacts/ (the cache outside the tree stays)
  help             this text

examples
  .\build.ps1 demo                                see it work; the first time takes some minutes
  .\build.ps1 demo --json | Set-Content demo.json   only JSON on stdout
  .\build.ps1 run -- generate "Once upon a time"  any command of the CLI
  .\build.ps1 test --filter Verification          some of the tests

environment
  LLAMASPEC_CACHE        where llama.cpp is kept            [$CacheRoot]
  LLAMASPEC_LLAMA_DIR    your own llama.cpp: a directory with include/ and lib/
  LLAMASPEC_FROM_SOURCE  1 = --from-source for every verb
  LLAMASPEC_CUDA         1, 12 or 13 = --cuda for every verb
  LLAMASPEC_LLAMASHARP   1 or a path = --with-llamasharp for every verb
  LLAMASPEC_LLAMASHARP_NATIVES   the libllama of a LLamaSharp built elsewhere, for its tests and benchmarks
  LLAMASPEC_JOBS         parallel build jobs                [$Jobs]
  NPM_CONFIG_REGISTRY    npm registry to fetch from
"@
}

function Stop-Usage([string] $Text) {
    Say "error: $Text"
    Say (Get-UsageText)
    exit 2
}

function Assert-NoMore([string[]] $Arguments) {
    if ($Arguments.Count -gt 0) { Stop-Usage "unknown option '$($Arguments[0])'" }
}

# Takes the known switches off; anything else is an error. Returns those that were given.
function Read-Switches([string[]] $Arguments, [string[]] $Known) {
    $given = @()
    foreach ($argument in $Arguments) {
        if ($Known -notcontains $argument) { Stop-Usage "unknown option '$argument'" }
        $given += $argument
    }
    if ($given -contains '--from-source') { $script:FromSource = $true }
    return , [string[]]$given
}

$verb = if ($args.Count -gt 0) { "$($args[0])" } else { 'help' }
$rest = [string[]]@($args | Select-Object -Skip 1)
Set-Location $Root
try {
    if ($verb -in @('build', 'test', 'bench', 'pack')) { $rest = Skip-LLamaSharpOption $rest }
    switch ($verb) {
        'setup' {
            $others = [string[]]@($rest | Where-Object { -not (Read-CudaOption $_) })
            $null = Read-Switches $others @('--from-source')
            Invoke-Setup
            Connect-CudaToPrograms
        }
        'native' {
            $given = Read-Switches $rest @('--from-source', '--sanitize')
            Invoke-Setup
            if ($given -contains '--sanitize') { Test-Sanitized } else { Build-Native }
        }
        'build' { $null = Read-Switches $rest @('--from-source'); Invoke-Build }
        'test' { Invoke-Tests $rest }
        'demo' { $arguments = Build-ForRun $rest; Invoke-Cli (@('demo') + $arguments) }
        'run' { $arguments = Build-ForRun $rest; Invoke-Cli $arguments }
        'bench' { Invoke-Bench $rest }
        'llama-server' { Assert-NoMore $rest; $env:LLAMASPEC_LLAMA_DIR = $null; Invoke-Setup; Build-LlamaServer }
        'pack' { Assert-NoMore $rest; Invoke-Pack }
        'clean' { Assert-NoMore $rest; if (Test-Path $Artifacts) { Remove-Item -Recurse -Force -Path $Artifacts } }
        { $_ -in @('help', '-h', '--help') } { [Console]::Out.WriteLine((Get-UsageText)) }
        default { Stop-Usage "unknown verb '$verb'" }
    }
} finally {
    Undo-LLamaSharp
    Set-Location $CallerDirectory
}
