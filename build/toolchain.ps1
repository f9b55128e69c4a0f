# Checks the tools a build needs, and names what is missing.

function Assert-Toolchain {
    $missing = @()
    $cmakeVersion = $null
    if (Test-Command 'cmake') {
        if ("$(& cmake --version | Select-Object -First 1)" -match '(\d+\.\d+)') { $cmakeVersion = [version]$Matches[1] }
    }
    if ($null -eq $cmakeVersion -or $cmakeVersion -lt $MinimumCMake) { $missing += "cmake $MinimumCMake or later: winget install Kitware.CMake" }
    if (-not (Test-Command 'git')) { $missing += 'git: winget install Git.Git' }
    if (-not (Test-Command $Tar)) { $missing += 'tar: part of Windows 10 (1803) and later' }
    if (-not (Test-Compiler)) {
        $missing += 'a C++17 compiler: winget install Microsoft.VisualStudio.2022.BuildTools --override ' +
            '"--add Microsoft.VisualStudio.Workload.VCTools --includeRecommended --passive"'
    }
    if ($missing.Count -gt 0) {
        if (-not $OnWindows) { Fail @('Tools are missing; ./build.sh setup installs or names them for this system.') }
        Fail (@('Missing:') + $missing + @('then open a new terminal and run .\build.ps1 again.'))
    }
    if (-not (Test-Dotnet)) {
        Fail @('The .NET SDK 10.0 is missing (runtime alone is not enough; global.json asks for 10.0).',
            'Install: winget install Microsoft.DotNet.SDK.10',
            "or download it: https://dot.net/download   (choose SDK 10.0 for $Platform)",
            'then open a new terminal and run .\build.ps1 again.')
    }
}

function Test-Dotnet {
    if (-not (Test-Command 'dotnet')) { return $false }
    $ErrorActionPreference = 'Continue'
    & dotnet --version 2>&1 | Out-Null
    return $LASTEXITCODE -eq 0
}

function Test-Compiler {
    foreach ($compiler in @('cl', 'c++', 'g++', 'clang++')) { if (Test-Command $compiler) { return $true } }
    if (-not $OnWindows) { return $false }
    # CMake finds Visual Studio by itself; it need not be on the path.
    $locator = Join-Path "${env:ProgramFiles(x86)}" 'Microsoft Visual Studio\Installer\vswhere.exe'
    if (-not (Test-Path $locator)) { return $false }
    return [bool](& $locator -products '*' -latest -property installationPath)
}

# On Windows CMake's own choice, Visual Studio, needs no prepared shell; elsewhere Ninja where it is.
function Get-GeneratorArguments {
    if ($OnWindows) {
        # ggml does not build with MSVC for arm64; Visual Studio's clang does.
        if ($Platform -eq 'win-arm64') { return @('-A', 'ARM64', '-T', 'ClangCL') }
        return @()
    }
    if (Test-Command 'ninja') { return @('-G', 'Ninja') }
    return @('-G', 'Unix Makefiles')
}
