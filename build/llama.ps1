# Provides llama.cpp: published binaries pinned by hash, a source build, or a directory of one's own. See llama.sh.

# Sets LlamaInclude and LlamaLibrary. A cache directory with its final name is complete: it is made under a temporary
# name and renamed.
function Resolve-Llama {
    if ($env:LLAMASPEC_LLAMA_DIR) { Use-OwnLlama; return }
    $variant = $Platform
    if ($script:FromSource -or -not $Pins.ContainsKey($Platform)) { $variant = "$Platform-source" }
    $script:LlamaInclude = Join-Path $LlamaCache 'include'
    $script:LlamaLibrary = Join-Path $LlamaCache $variant
    if ((Test-Path $script:LlamaInclude) -and (Test-Path $script:LlamaLibrary)) { return }
    Start-Stage 'setup'
    Invoke-WithScratch {
        if (-not (Test-Path $script:LlamaInclude)) { New-LlamaInclude }
        if (-not (Test-Path $script:LlamaLibrary)) {
            if ($variant -like '*-source') { New-LlamaFromSource } else { New-LlamaFromBinaries }
        }
    }
    Complete-Stage 'setup' "llama.cpp $LlamaVersion in $($script:LlamaLibrary)"
}

function Invoke-WithScratch([scriptblock] $Action) {
    New-Item -ItemType Directory -Force -Path $LlamaCache, (Join-Path $CacheRoot 'downloads') | Out-Null
    $script:Scratch = Join-Path $LlamaCache ('tmp.' + [IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory -Path $script:Scratch | Out-Null
    try { & $Action } finally { Remove-Item -Recurse -Force -Path $script:Scratch -ErrorAction SilentlyContinue }
}

# llama-server of the pinned source, to measure against. It gets the CPU libraries that LlamaSpec uses: the same kernels.
function Build-LlamaServer {
    $server = Join-Path $LlamaCache "$Platform-server"
    $name = if ($OnWindows) { 'llama-server.exe' } else { 'llama-server' }
    if (-not (Test-Path $server)) {
        Start-Stage 'setup'
        Invoke-WithScratch { New-LlamaServer $server $name }
        Complete-Stage 'setup' "llama-server $LlamaVersion in $server"
    }
    [Console]::Out.WriteLine((Join-Path $server $name))
}

function New-LlamaServer([string] $Server, [string] $Name) {
    Say "setup   building llama-server $LlamaVersion from source for $Platform, once; this takes 5 to 30 minutes"
    $source = Expand-LlamaSource 'source' @('CMakeLists.txt', 'LICENSE', 'cmake', 'common', 'ggml', 'include', 'licenses', 'scripts', 'src', 'tools', 'vendor')
    $build = "$source/build"
    Invoke-LlamaConfigure $source @('-DLLAMA_BUILD_COMMON=ON', '-DLLAMA_BUILD_TOOLS=ON', '-DLLAMA_BUILD_SERVER=ON',
        '-DLLAMA_BUILD_UI=OFF', '-DLLAMA_USE_PREBUILT_UI=OFF', '-DLLAMA_OPENSSL=OFF')
    Invoke-Logged 'setup' 'cmake' @('--build', $build, '--config', 'Release', '--target', 'llama-server', '-j', "$Jobs")
    $files = New-ScratchDirectory 'server'
    Get-ChildItem -Path "$build/bin" -Recurse -File | Where-Object { $_.Name -eq $Name -or $_.Name -match '\.(dll|so|dylib)$' } |
        Copy-Item -Destination $files
    Get-ChildItem -Path $script:LlamaLibrary -File | Where-Object { $_.Name -match '^(lib)?ggml-cpu.*\.(dll|so|dylib)$' } |
        Copy-Item -Destination $files
    Move-IntoPlace $files $Server
}

function Use-OwnLlama {
    $script:LlamaInclude = Join-Path $env:LLAMASPEC_LLAMA_DIR 'include'
    $script:LlamaLibrary = Join-Path $env:LLAMASPEC_LLAMA_DIR 'lib'
    if (-not (Test-Path (Join-Path $script:LlamaInclude 'llama.h')) -or -not (Test-Path $script:LlamaLibrary)) {
        Fail @("LLAMASPEC_LLAMA_DIR=$($env:LLAMASPEC_LLAMA_DIR) is not a llama.cpp build.",
            "It needs include/llama.h (with ggml's headers beside it) and lib/ with the llama and ggml libraries.")
    }
    $script:LlamaInclude = (Resolve-Path $script:LlamaInclude).ProviderPath
    $script:LlamaLibrary = (Resolve-Path $script:LlamaLibrary).ProviderPath
}

function New-LlamaInclude {
    $source = Expand-LlamaSource 'headers' @('include', 'ggml/include')
    $include = New-ScratchDirectory 'include'
    Copy-Item -Path "$source/include/*.h", "$source/ggml/include/*.h" -Destination $include
    Move-IntoPlace $include $script:LlamaInclude
}

function New-LlamaFromBinaries {
    $package = Get-PinnedPackage $Platform
    $unpacked = New-ScratchDirectory 'package'
    Invoke-Logged 'setup' $Tar @('-xzf', $package, '-C', $unpacked)
    $libraries = New-ScratchDirectory 'libraries'
    Get-ChildItem -Path "$unpacked/package/bins" -Recurse -File |
        Where-Object { $_.Name -like 'lib*' -and $_.Name -notlike 'libllama-common*' } |
        Move-Item -Destination $libraries
    Move-IntoPlace $libraries $script:LlamaLibrary
}

function New-LlamaFromSource {
    Say "setup   building llama.cpp $LlamaVersion from source for $Platform, once; this takes 5 to 30 minutes"
    $source = Expand-LlamaSource 'source' @('CMakeLists.txt', 'LICENSE', 'cmake', 'common', 'ggml', 'include', 'licenses', 'src', 'vendor')
    $build = "$source/build"
    Invoke-LlamaConfigure $source @('-DLLAMA_BUILD_COMMON=OFF', '-DLLAMA_BUILD_TOOLS=OFF', '-DLLAMA_BUILD_SERVER=OFF')
    Invoke-Logged 'setup' 'cmake' @('--build', $build, '--config', 'Release', '-j', "$Jobs")
    $libraries = New-ScratchDirectory 'libraries'
    Get-ChildItem -Path "$build/bin" -Recurse -File | Where-Object { $_.Name -match '\.(dll|so|dylib)$' } |
        Copy-Item -Destination $libraries
    Get-ChildItem -Path $build -Recurse -File -Filter '*.lib' | Copy-Item -Destination $libraries
    Move-IntoPlace $libraries $script:LlamaLibrary
}

# What is built is left to the flags.
function Invoke-LlamaConfigure([string] $Source, [string[]] $Flags) {
    $origin = if ($Platform -like 'osx-*') { '@loader_path' } else { '$ORIGIN' }
    # ggml knows no list of CPU variants for Windows on arm64.
    $allVariants = if ($Platform -eq 'win-arm64') { 'OFF' } else { 'ON' }
    Invoke-Logged 'setup' 'cmake' (@('-S', $Source, '-B', "$Source/build") + @(Get-GeneratorArguments) + @(
        '-DCMAKE_BUILD_TYPE=Release', '-DBUILD_SHARED_LIBS=ON', '-DGGML_OPENMP=OFF', '-DGGML_NATIVE=OFF',
        '-DGGML_BACKEND_DL=ON', "-DGGML_CPU_ALL_VARIANTS=$allVariants", '-DLLAMA_BUILD_TESTS=OFF', '-DLLAMA_BUILD_EXAMPLES=OFF',
        '-DLLAMA_BUILD_APP=OFF', '-DLLAMA_BUILD_IS_DEV=OFF', '-DLLAMA_CURL=OFF', '-DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON',
        '-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON', "-DCMAKE_INSTALL_RPATH=$origin") + $Flags)
}

function Expand-LlamaSource([string] $Name, [string[]] $Paths) {
    $package = Get-PinnedPackage 'source'
    $directory = New-ScratchDirectory $Name
    $repository = "$($script:Scratch)/llama.git"
    if (-not (Test-Path $repository)) {
        $bundle = New-ScratchDirectory 'bundle'
        Invoke-Logged 'setup' $Tar @('-xzf', $package, '-C', $bundle, 'package/llama/gitRelease.bundle')
        Invoke-Logged 'setup' 'git' @('clone', '--quiet', '--bare', "$bundle/package/llama/gitRelease.bundle", $repository)
    }
    $archive = "$($script:Scratch)/$Name.tar"
    Invoke-Logged 'setup' 'git' (@("--git-dir=$repository", 'archive', '-o', $archive, 'HEAD') + $Paths)
    Invoke-Logged 'setup' $Tar @('-xf', $archive, '-C', $directory)
    return $directory
}

function New-ScratchDirectory([string] $Name) {
    $path = Join-Path $script:Scratch $Name
    New-Item -ItemType Directory -Force -Path $path | Out-Null
    return $path
}

# Of two builds at once one loses the race to rename, and uses what the other put there.
function Move-IntoPlace([string] $From, [string] $To) {
    if (Test-Path $To) { return }
    try { [IO.Directory]::Move($From, $To) } catch { if (-not (Test-Path $To)) { throw } }
}

# Returns the path of the verified package of a pin; nothing is fetched twice.
function Get-PinnedPackage([string] $Name) {
    $package = $Pins[$Name][1]
    $version = $Pins[$Name][2]
    $bytes = [Convert]::FromBase64String(($Pins[$Name][3] -replace '^sha512-', ''))
    $hash = [BitConverter]::ToString($bytes).Replace('-', '')
    $label = ('{0}-{1}' -f $package.TrimStart('@'), $version).Replace('/', '-')
    $file = Join-Path (Join-Path $CacheRoot 'downloads') ('{0}-{1}.tgz' -f $hash.Substring(0, 16).ToLowerInvariant(), $label)
    if (Test-Path $file) { return $file }
    Say "setup   fetching $package $version"
    $download = Join-Path $script:Scratch "$label.tgz"
    Receive-Package $package $version $download
    if ((Get-FileHash -Algorithm SHA512 -Path $download).Hash -ne $hash) {
        Remove-Item -Force -Path $download
        Fail @("$package $version is not the file that native/llama.cpp.pins names: its sha512 differs.",
            'It was removed and nothing of it was used. If it happens again, the registry or a proxy serves another file.')
    }
    if (-not (Test-Path $file)) { Move-Item -Path $download -Destination $file }
    return $file
}

function Receive-Package([string] $Package, [string] $Version, [string] $File) {
    if (Test-Command $Npm) {
        Push-Location (Split-Path -Parent $File)
        try {
            $status = Invoke-Tool (Join-Path $Logs 'setup.log') $Npm @('pack', '--silent', '--ignore-scripts', '--fetch-retries=1', "$Package@$Version")
        } finally { Pop-Location }
        if ($status -eq 0 -and (Test-Path $File)) { return }
    }
    $registry = Get-Registry
    $name = $Package.Split('/')[-1]
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
        Invoke-WebRequest -UseBasicParsing -TimeoutSec 600 -Uri "$registry/$Package/-/$name-$Version.tgz" -OutFile $File
    } catch {
        Say $_.Exception.Message
        Fail @("Could not fetch $Package $Version from $($registry -replace '//[^/@]*@', '//').",
            'Check the network or the proxy, or name another npm registry in NPM_CONFIG_REGISTRY.',
            "Without a network: set LLAMASPEC_LLAMA_DIR to a llama.cpp $LlamaVersion build, or copy the cache of another machine to $CacheRoot.")
    }
}

function Get-Registry {
    $url = $env:NPM_CONFIG_REGISTRY
    if (-not $url -and (Test-Command $Npm)) {
        $ErrorActionPreference = 'Continue'
        $url = & $Npm config get registry 2>$null | Select-Object -Last 1
    }
    if ("$url" -notlike 'http*') { $url = 'https://registry.npmjs.org' }
    return "$url".TrimEnd('/')
}
