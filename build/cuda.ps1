# Provides ggml's backend for NVIDIA GPUs, on demand: published, pinned by hash, linked to the programs. See cuda.sh.

$CudaChoiceFile = Join-Path $Artifacts 'use-cuda'
$CudaLibraryName = if ($OnWindows) { 'ggml-cuda.dll' } else { 'libggml-cuda.so' }
$CudaRuntimeNames = if ($OnWindows) { @('cudart64_{0}.dll', 'cublas64_{0}.dll') } else { @('libcudart.so.{0}', 'libcublas.so.{0}') }

# --cuda, --cuda=12, --cuda=13, or the twin spelled -Cuda; false for any other option.
function Read-CudaOption([string] $Option) {
    if ($Option -notmatch '^(--cuda|-Cuda)(?:[=:](.*))?$') { return $false }
    $version = if ($Matches.ContainsKey(2)) { $Matches[2] } else { 'auto' }
    if (@('auto', '12', '13') -notcontains $version) { Stop-Usage "--cuda is 12 or 13, or left to what is installed, but is '$version'" }
    $script:Cuda = $version
    $script:CudaIsAsked = $true
    return $true
}

# With --cuda or LLAMASPEC_CUDA: fetches the backend. What is missing is said, and the CPU libraries do without it.
function Resolve-Cuda {
    if (-not $script:Cuda) { return }
    $version = $script:Cuda
    if (@('12', '13') -notcontains $version) { $version = Get-InstalledCuda }
    $name = "$Platform-cuda$version"
    $directory = Join-Path $LlamaCache $name
    $library = Join-Path $directory $CudaLibraryName
    $obstacle = @(Get-CudaObstacle $name)
    if ($obstacle.Count -eq 0 -and -not (Test-Path $library)) {
        Start-Stage 'setup'
        Invoke-WithScratch { New-CudaBackend $name $directory }
        if (Test-Path $library) { Complete-Stage 'setup' "$CudaLibraryName for CUDA $version in $directory" }
        else { $obstacle = @("the package of the pin $name has no $CudaLibraryName.", 'The CPU libraries are in place.') }
    }
    if ($obstacle.Count -gt 0) {
        Write-Warn $obstacle
        if ($script:CudaIsAsked) { exit 1 }
        return
    }
    New-Item -ItemType Directory -Force -Path $Artifacts | Out-Null
    Set-Content -Path $CudaChoiceFile -Value $library -Encoding UTF8
    if (-not (Test-CudaRuntime $version)) {
        Write-Warn @("the CUDA $version runtime was not found: $(($CudaRuntimeNames | ForEach-Object { $_ -f $version }) -join ' and ').",
            "Install it (CUDA toolkit $version, or its runtime and cuBLAS packages) where the loader looks.",
            "Until then generation runs on the CPU; 'llamaspec check' tells.")
    }
}

function Write-Warn([string[]] $Lines) {
    Say "warning: $($Lines[0])"
    foreach ($line in @($Lines | Select-Object -Skip 1)) { Say "  $line" }
}

# Why there is nothing to fetch; empty where there is.
function Get-CudaObstacle([string] $Pin) {
    if ($env:LLAMASPEC_LLAMA_DIR) { return @('--cuda belongs to the published llama.cpp; LLAMASPEC_LLAMA_DIR brings its own backends.') }
    if (-not $Pins.ContainsKey($Pin)) {
        return @("there is no published CUDA backend of llama.cpp $LlamaVersion for $Platform.",
            "Build llama.cpp $LlamaVersion with -DGGML_CUDA=ON and name it in LLAMASPEC_LLAMA_DIR; the CPU libraries are in place.")
    }
    if ($script:LlamaLibrary -like '*-source') {
        return @('the published CUDA backend does not fit a llama.cpp built from source.', 'The CPU libraries are in place.')
    }
    return @()
}

# The newest whose runtime is there, else 13.
function Get-InstalledCuda {
    foreach ($version in '13', '12') { if (Test-CudaRuntime $version) { return $version } }
    return '13'
}

function Test-CudaRuntime([string] $Version) {
    $variable = if ($OnWindows) { $env:PATH } else { "$($env:LD_LIBRARY_PATH)" }
    $folders = @($variable.Split([IO.Path]::PathSeparator) | Where-Object { $_ })
    $known = if (Test-Path '/sbin/ldconfig') { @(& /sbin/ldconfig -p 2>$null) } else { @() }
    foreach ($pattern in $CudaRuntimeNames) {
        $name = $pattern -f $Version
        $found = @($folders | Where-Object { Test-Path (Join-Path $_ $name) }).Count + @($known | Where-Object { "$_".Trim().StartsWith("$name ") }).Count
        if ($found -eq 0) { return $false }
    }
    return $true
}

function New-CudaBackend([string] $Pin, [string] $Directory) {
    $package = Get-PinnedPackage $Pin
    $unpacked = New-ScratchDirectory 'cuda-package'
    Invoke-Logged 'setup' $Tar @('-xzf', $package, '-C', $unpacked)
    $library = Get-ChildItem -Path $unpacked -Recurse -File -Filter $CudaLibraryName | Select-Object -First 1
    if ($null -eq $library) { return }
    $libraries = New-ScratchDirectory 'cuda-libraries'
    Move-Item -Path $library.FullName -Destination $libraries
    Move-IntoPlace $libraries $Directory
}

# Puts the chosen backend beside the programs' CPU ones: a hard link, where the disk is the same, else a copy.
function Connect-CudaToPrograms {
    if (-not (Test-Path $CudaChoiceFile)) { return }
    $library = "$(Get-Content $CudaChoiceFile)".Trim()
    if (-not (Test-Path $library)) { return }
    foreach ($program in 'LlamaSpec.Cli', 'LlamaSpec.Benchmarks') {
        $directory = [IO.Path]::Combine($Artifacts, 'bin', $program, 'release', 'runtimes', $Platform, 'native')
        $target = Join-Path $directory $CudaLibraryName
        if (-not (Test-Path $directory)) { continue }
        if (Test-Path $target) { Remove-Item -Force -Path $target }
        try { New-Item -ItemType HardLink -Path $target -Target $library | Out-Null } catch { Copy-Item -Path $library -Destination $target }
    }
}
