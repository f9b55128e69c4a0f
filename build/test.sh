# shellcheck shell=bash disable=SC2154 # build.sh and its other parts share variables
# Runs both test suites and ends with one line: N passed, N failed[, N skipped].

passed=0 failed=0 skipped=0
hang_limit=10m # one test; a run that hangs must end and count as failed

run_tests() {
    local native=1 managed=1 option
    for option in "$@"; do
        case $option in
            --native-only) managed=; shift ;;
            --managed-only) native=; shift ;;
            --with-llamasharp*) take_llamasharp_option "$option"; shift ;;
            --filter | --filter=*) native=; break ;;
            *) break ;;
        esac
    done
    setup
    if [[ -n $managed ]]; then build; else build_native; fi
    if [[ -n $native ]]; then run_native_tests; fi
    if [[ -n $managed ]]; then run_managed_tests "$@"; fi
    report_counts
}

run_native_tests() {
    local report=$logs/ctest.xml status=0
    rm -f "$report"
    ctest --test-dir "$artifacts/cmake" -C Release --output-on-failure --timeout 900 --output-junit "$report" </dev/null || status=$?
    if [[ -f $report ]]; then
        count_native "$report"
    fi
    if ((status && failed == 0)); then note_broken_run "ctest ended with $status"; fi
}

count_native() { # JUNIT-FILE
    local total failures absent
    total=$(attribute tests "$1")
    failures=$(attribute failures "$1")
    absent=$(($(attribute skipped "$1") + $(attribute disabled "$1")))
    failed=$((failed + failures))
    skipped=$((skipped + absent))
    passed=$((passed + total - failures - absent))
}

attribute() { # NAME FILE: of the first testsuite element
    awk -v name="$1" '
        /<testsuite/ { inside = 1 }
        inside && match($0, "(^|[ \t])" name "=\"[0-9]+\"") {
            value = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", value); found = 1; print value; exit
        }
        inside && />/ { exit }
        END { if (!found) print 0 }' "$2"
}

run_managed_tests() { # DOTNET-TEST-ARGUMENTS...
    local log=$logs/dotnet-test.log status failed_before=$failed
    rm -rf "$artifacts/test-results"
    set +e
    dotnet test LlamaSpec.sln -c Release --no-build --nologo "-m:$jobs" -tl:off \
        --results-directory "$artifacts/test-results" --blame-hang-timeout "$hang_limit" --blame-hang-dump-type none "$@" \
        </dev/null 2>&1 | tee "$log" | without_chatter
    status=${PIPESTATUS[0]}
    set -e
    count_managed "$log"
    if ((status && failed == failed_before)); then note_broken_run "dotnet test ended with $status"; fi
}

without_chatter() {
    awk '!/^(Test run for |A total of [0-9]+ test files|Data collector .Blame. message: All tests finished)/ { print; fflush() }'
}

count_managed() { # LOG: adds up the line that each test project ends with
    local counts
    counts=$(sed -nE 's/^(Passed|Failed|Skipped)! +- Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+), .*/\2 \3 \4/p' "$1" |
        awk '{ f += $1; p += $2; s += $3 } END { print f + 0, p + 0, s + 0 }')
    # shellcheck disable=SC2086 # three numbers
    set -- $counts
    failed=$((failed + $1))
    passed=$((passed + $2))
    skipped=$((skipped + $3))
}

note_broken_run() { # a crash or abort must not look like success
    echo "The test run broke off ($1); counted as one failure."
    failed=$((failed + 1))
}

report_counts() {
    local line="$passed passed, $failed failed"
    if ((skipped)); then line+=", $skipped skipped"; fi
    if ((passed + failed == 0)); then echo 'No test was run.'; fi
    echo "$line"
    ((failed == 0 && passed > 0))
}
