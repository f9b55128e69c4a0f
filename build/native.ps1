# The C and C++ part: configures, builds, and puts llama.cpp's libraries beside ours.

function Build-Native {
    Start-Stage 'native'
    Invoke-NativeBuild 'native' (Join-Path $Artifacts 'cmake') $NativeOutput @()
    Complete-Stage 'native' $NativeOutput
}

function Invoke-NativeBuild([string] $Stage, [string] $Directory, [string] $Output, [string[]] $Options) {
    # CMake notices changed files by itself; a changed place, compiler or llama.cpp means starting over.
    $signatureFile = Join-Path $Directory 'build.signature'
    $signature = (@($Root, $env:CC, $env:CXX, $LlamaVersion, $script:LlamaInclude, $script:LlamaLibrary) + @(Get-GeneratorArguments) + $Options) -join '|'
    if (-not (Test-Path $signatureFile) -or "$(Get-Content $signatureFile)" -ne $signature) {
        foreach ($stale in @($Directory, $Output)) { if (Test-Path $stale) { Remove-Item -Recurse -Force -Path $stale } }
        New-Item -ItemType Directory -Force -Path $Directory | Out-Null
        Copy-LlamaLibraries $Output
        Invoke-Logged $Stage 'cmake' (@('-S', $Root, '-B', $Directory) + @(Get-GeneratorArguments) + @('-DCMAKE_BUILD_TYPE=Release',
            "-DLLAMASPEC_LLAMA_INCLUDE_DIR=$($script:LlamaInclude)", "-DLLAMASPEC_LLAMA_LIBRARY_DIR=$($script:LlamaLibrary)",
            "-DLLAMASPEC_LLAMA_VERSION=$LlamaVersion", "-DLLAMASPEC_OUTPUT_DIR=$Output") + $Options)
        Set-Content -Path $signatureFile -Value $signature -Encoding UTF8
    }
    Copy-LlamaLibraries $Output
    Invoke-Logged $Stage 'cmake' @('--build', $Directory, '--config', 'Release', '-j', "$Jobs")
}

function Copy-LlamaLibraries([string] $Directory) {
    New-Item -ItemType Directory -Force -Path $Directory | Out-Null
    foreach ($library in Get-ChildItem -Path $script:LlamaLibrary -File | Where-Object { $_.Name -match '\.(dll|so|dylib)' }) {
        $copy = Get-Item -Path (Join-Path $Directory $library.Name) -ErrorAction SilentlyContinue
        if ($null -ne $copy -and $copy.Length -eq $library.Length) { continue }
        Copy-Item -Force -Path $library.FullName -Destination $Directory
        # Today's date, so that MSBuild takes it for newer than its own copy.
        (Get-Item -Path (Join-Path $Directory $library.Name)).LastWriteTime = Get-Date
    }
}

function Test-Sanitized {
    if ($OnWindows) { Fail 'The sanitizer build needs gcc or clang: run ./build.sh native --sanitize on Linux or macOS.' }
    $directory = Join-Path $Artifacts 'cmake-sanitize'
    Start-Stage 'sanitize'
    Invoke-NativeBuild 'sanitize' $directory (Join-Path $directory 'out') @('-DLLAMASPEC_SANITIZE=ON', '-DLLAMASPEC_BENCH=OFF')
    Complete-Stage 'sanitize' 'built'
    $ErrorActionPreference = 'Continue'
    & ctest --test-dir $directory --output-on-failure --timeout 900
    exit $LASTEXITCODE
}
