# Runs both test suites and ends with one line: N passed, N failed[, N skipped].

function Invoke-Tests([string[]] $Arguments) {
    $native = $true
    $managed = $true
    $rest = @()
    foreach ($argument in $Arguments) {
        if ($argument -eq '--native-only' -and $rest.Count -eq 0) { $managed = $false; continue }
        if ($argument -eq '--managed-only' -and $rest.Count -eq 0) { $native = $false; continue }
        if (Read-LLamaSharpOption $argument) { continue }
        if ($argument -like '--filter*') { $native = $false }
        $rest += $argument
    }
    $script:Passed = 0
    $script:Failed = 0
    $script:Skipped = 0
    if ($managed) { Invoke-Build } else { Invoke-Setup; Build-Native }
    if ($native) { Invoke-NativeTests }
    if ($managed) { Invoke-ManagedTests $rest }
    if ($script:Passed + $script:Failed -eq 0) { [Console]::Out.WriteLine('No test was run.') }
    $line = "$($script:Passed) passed, $($script:Failed) failed"
    if ($script:Skipped -gt 0) { $line += ", $($script:Skipped) skipped" }
    [Console]::Out.WriteLine($line)
    if ($script:Failed -gt 0 -or $script:Passed -eq 0) { exit 1 }
    exit 0
}

function Invoke-NativeTests {
    $report = Join-Path $Logs 'ctest.xml'
    if (Test-Path $report) { Remove-Item -Path $report }
    $ErrorActionPreference = 'Continue'
    & ctest --test-dir (Join-Path $Artifacts 'cmake') -C Release --output-on-failure --timeout 900 --output-junit $report | Out-Host
    $status = $LASTEXITCODE
    $ErrorActionPreference = 'Stop'
    if (Test-Path $report) {
        $suite = ([xml](Get-Content -Raw -Path $report)).testsuite
        $absent = [int]$suite.GetAttribute('skipped') + [int]$suite.GetAttribute('disabled')
        $script:Failed += [int]$suite.GetAttribute('failures')
        $script:Skipped += $absent
        $script:Passed += [int]$suite.GetAttribute('tests') - [int]$suite.GetAttribute('failures') - $absent
    }
    if ($status -ne 0 -and $script:Failed -eq 0) { Add-BrokenRun "ctest ended with $status" }
}

function Invoke-ManagedTests([string[]] $Arguments) {
    $failedBefore = $script:Failed
    $output = @()
    $ErrorActionPreference = 'Continue'
    & dotnet test LlamaSpec.sln -c Release --no-build --nologo "-m:$Jobs" -tl:off --results-directory (Join-Path $Artifacts 'test-results') `
        --blame-hang-timeout 10m --blame-hang-dump-type none @Arguments 2>&1 |
        ForEach-Object { "$_" } | Where-Object { $_ -notmatch '^(Test run for |A total of \d+ test files|Data collector .Blame. message: All tests finished)' } | Tee-Object -Variable output | Out-Host
    $status = $LASTEXITCODE
    $ErrorActionPreference = 'Stop'
    foreach ($line in $output) {
        if ($line -match '^(Passed|Failed|Skipped)! +- Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+),') {
            $script:Failed += [int]$Matches[2]
            $script:Passed += [int]$Matches[3]
            $script:Skipped += [int]$Matches[4]
        }
    }
    if ($status -ne 0 -and $script:Failed -eq $failedBefore) { Add-BrokenRun "dotnet test ended with $status" }
}

# A crash or abort must not look like success.
function Add-BrokenRun([string] $What) {
    [Console]::Out.WriteLine("The test run broke off ($What); counted as one failure.")
    $script:Failed += 1
}
