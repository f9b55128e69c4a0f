# What every part of build.ps1 uses: paths, messages, running a tool with its output in a log, platform and pins.

$Artifacts = Join-Path $Root 'artifacts'
$Logs = Join-Path $Artifacts 'log'
$OnWindows = [IO.Path]::DirectorySeparatorChar -eq '\'
$Jobs = if ($env:LLAMASPEC_JOBS) { $env:LLAMASPEC_JOBS } else { [Environment]::ProcessorCount }
$MinimumCMake = [version]'3.22'
$script:FromSource = [bool]$env:LLAMASPEC_FROM_SOURCE
$script:Cuda = $env:LLAMASPEC_CUDA
$script:CudaIsAsked = $false # by an option: then its lack is a failure
# npm.ps1 may be barred by the execution policy; a tar from Git takes 'C:' for a host name.
$Npm = if ($OnWindows) { 'npm.cmd' } else { 'npm' }
$Tar = if ($OnWindows) { Join-Path $env:SystemRoot 'System32\tar.exe' } else { 'tar' }

$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
if ($env:CI) {
    $env:MSBUILDDISABLENODEREUSE = '1'
    $env:UseSharedCompilation = 'false'
}

function Say([string] $Text) { [Console]::Error.WriteLine($Text) }

function Fail([string[]] $Lines) {
    Say "error: $($Lines[0])"
    foreach ($line in @($Lines | Select-Object -Skip 1)) { Say "  $line" }
    exit 1
}

function Start-Stage([string] $Stage) {
    $script:StageStart = [Diagnostics.Stopwatch]::StartNew()
    New-Item -ItemType Directory -Force -Path $Logs | Out-Null
    Set-Content -Path (Join-Path $Logs "$Stage.log") -Value '' -Encoding UTF8
}

function Complete-Stage([string] $Stage, [string] $Detail) {
    Say ('{0,-8}ok  {1} ({2:0} s)' -f $Stage, $Detail, $script:StageStart.Elapsed.TotalSeconds)
}

# Runs a tool and returns its exit status. Windows PowerShell turns redirected stderr lines into error records,
# which 'Stop' would make fatal; so the preference is lowered around every native call, and only there.
function Invoke-Tool([string] $Log, [string] $Tool, [string[]] $Arguments) {
    $ErrorActionPreference = 'Continue'
    & $Tool @Arguments 2>&1 | ForEach-Object { "$_" } | Out-File -FilePath $Log -Append -Encoding utf8
    return $LASTEXITCODE
}

# The output goes to the stage's log; a failure shows its end and stops the script.
function Invoke-Logged([string] $Stage, [string] $Tool, [string[]] $Arguments) {
    $log = Join-Path $Logs "$Stage.log"
    "> $Tool $($Arguments -join ' ')" | Out-File -FilePath $log -Append -Encoding utf8
    $status = Invoke-Tool $log $Tool $Arguments
    if ($status -eq 0) { return }
    Get-Content -Path $log -Tail 40 | ForEach-Object { Say $_ }
    Write-LLamaSharpAdvice $log
    Fail "$Stage failed ($Tool ended with $status). The full log: $log"
}

function Test-Command([string] $Name) { return [bool](Get-Command $Name -CommandType Application -ErrorAction SilentlyContinue) }

function Get-Platform {
    $machine = if ($OnWindows) {
        # A 32-bit or emulated shell reports itself; the second variable names the real machine.
        if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
    } else { (& uname -m) }
    $architecture = switch -Regex ($machine) {
        '^(AMD64|x86_64)$' { 'x64' }
        '^(ARM64|aarch64)$' { 'arm64' }
        default { "$machine" }
    }
    if ($OnWindows) { return "win-$architecture" }
    if ((& uname -s) -eq 'Darwin') { return "osx-$architecture" }
    return "linux-$architecture"
}

function Get-CacheRoot {
    if ($env:LLAMASPEC_CACHE) { return $env:LLAMASPEC_CACHE }
    if ($OnWindows) { return Join-Path $env:LOCALAPPDATA 'llamaspec' }
    if ($env:XDG_CACHE_HOME) { return Join-Path $env:XDG_CACHE_HOME 'llamaspec' }
    return Join-Path (Join-Path $HOME '.cache') 'llamaspec'
}

function Read-Pins {
    $pins = @{}
    foreach ($line in Get-Content (Join-Path (Join-Path $Root 'native') 'llama.cpp.pins')) {
        if ($line -match '^\s*(#|$)') { continue }
        $words = @($line.Trim() -split '\s+')
        $pins[$words[0]] = $words
    }
    return $pins
}

$Platform = Get-Platform
$Pins = Read-Pins
$LlamaVersion = $Pins['llama.cpp'][1]
$CacheRoot = Get-CacheRoot
$LlamaCache = Join-Path $CacheRoot "llama.cpp-$LlamaVersion"
$NativeOutput = Join-Path (Join-Path $Artifacts 'native') $Platform
$CliPath = [IO.Path]::Combine($Artifacts, 'bin', 'LlamaSpec.Cli', 'release', 'LlamaSpec.Cli.dll')
