#!/usr/bin/env bash
# The one entry to building LlamaSpec on Linux and macOS; build.ps1 has the same verbs for Windows.
# Progress goes to stderr, full logs to artifacts/log; stdout belongs to the verb (test output, the CLI, help).
set -euo pipefail

caller_directory=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$root"
# shellcheck source=build/common.sh
source build/common.sh
# shellcheck source=build/toolchain.sh
source build/toolchain.sh
# shellcheck source=build/llama.sh
source build/llama.sh
# shellcheck source=build/cuda.sh
source build/cuda.sh
# shellcheck source=build/native.sh
source build/native.sh
# shellcheck source=build/llamasharp.sh
source build/llamasharp.sh
# shellcheck source=build/test.sh
source build/test.sh

help() {
    cat <<HELP
LlamaSpec: lossless speculative decoding over llama.cpp.

usage: ./build.sh VERB [options]

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
  ./build.sh demo                                see it work; the first time takes some minutes
  ./build.sh demo --json > demo.json             only JSON on stdout
  ./build.sh setup --cuda && ./build.sh run -- check   is there a GPU that it can use?
  ./build.sh run -- generate "Once upon a time"  any command of the CLI
  ./build.sh test --filter Verification          some of the tests

environment
  LLAMASPEC_CACHE        where llama.cpp is kept            [$cache_root]
  LLAMASPEC_LLAMA_DIR    your own llama.cpp: a directory with include/ and lib/
  LLAMASPEC_FROM_SOURCE  1 = --from-source for every verb
  LLAMASPEC_CUDA         1, 12 or 13 = --cuda for every verb
  LLAMASPEC_LLAMASHARP   1 or a path = --with-llamasharp for every verb
  LLAMASPEC_LLAMASHARP_NATIVES   the libllama of a LLamaSharp built elsewhere, for its tests and benchmarks
  LLAMASPEC_JOBS         parallel build jobs                [$jobs]
  NPM_CONFIG_REGISTRY    npm registry to fetch from
  NO_COLOR               any value = no colours
HELP
}

setup() {
    check_toolchain
    resolve_llama
    resolve_cuda || ((!cuda_is_asked))
}

build() {
    resolve_llamasharp
    build_native
    begin build
    logged build dotnet build LlamaSpec.sln -c Release "-m:$jobs" --nologo -v quiet -tl:off
    link_cuda_to_programs
    finish build LlamaSpec.sln
    report_llamasharp
}

run_cli() {
    cd "$caller_directory"
    exec dotnet exec "$command_line" "$@"
}

# Takes the options of the script off the front of a command line: --no-build, and the first "--".
build_for_run() {
    rest_offset=0
    if [[ ${1-} == --no-build ]]; then
        [[ -f $command_line ]] || fail "Nothing is built yet: run ./build.sh build first."
        rest_offset=1
        shift
    else
        setup
        build
    fi
    if [[ ${1-} == -- ]]; then rest_offset=$((rest_offset + 1)); fi
}

bench() { # [VERB ARGS]
    local program
    setup
    build
    if [[ ${1-} == end-to-end ]]; then
        shift
        run_cli bench "$@"
    fi
    if (($#)); then
        run_benchmarks "$@"
        return
    fi
    for program in llamaspec_kernels_bench llamaspec_rows_bench llamaspec_cuda_bench; do
        if [[ -x $native_output/$program ]]; then
            "$native_output/$program" </dev/null
        else
            say "no $program in ${native_output#"$root"/}"
        fi
    done
    run_benchmarks verify-cost </dev/null
    run_benchmarks concurrency </dev/null
    run_cli demo
}

run_benchmarks() {
    (cd "$caller_directory" && dotnet exec "$artifacts/bin/LlamaSpec.Benchmarks/release/LlamaSpec.Benchmarks.dll" "$@")
}

pack() {
    setup
    build
    begin pack
    rm -f "$artifacts"/packages/*.nupkg
    logged pack dotnet pack LlamaSpec.sln -c Release --no-build --nologo -v quiet -tl:off -o "$artifacts/packages"
    finish pack artifacts/packages
    report_unpacked_llamasharp
}

take_source_option() {
    if [[ ${1-} == --from-source ]]; then from_source=1; shift; fi
    no_more_arguments "$@"
}

take_setup_options() {
    while (($#)); do
        if [[ $1 == --from-source ]]; then
            from_source=1
        elif take_cuda_option "$1"; then
            cuda_is_asked=1
        else
            usage_error "unknown option '$1'"
        fi
        shift
    done
}

no_more_arguments() {
    (($# == 0)) || usage_error "unknown option '$1'"
}

usage_error() {
    say "$(paint 31 error:) $*"
    help >&2
    exit 2
}

verb=${1:-help}
if (($#)); then shift; fi
case $verb in
    build | test | bench | pack) while (($#)) && take_llamasharp_option "$1"; do shift; done ;;
esac
case $verb in
    setup) take_setup_options "$@"; setup; link_cuda_to_programs ;;
    native)
        if [[ ${1-} == --sanitize ]]; then
            shift
            take_source_option "$@"; setup; test_sanitized
        else
            take_source_option "$@"; setup; build_native
        fi ;;
    build) take_source_option "$@"; setup; build ;;
    test) run_tests "$@" ;;
    demo) build_for_run "$@"; shift "$rest_offset"; run_cli demo "$@" ;;
    run) build_for_run "$@"; shift "$rest_offset"; run_cli "$@" ;;
    bench) bench "$@" ;;
    llama-server) no_more_arguments "$@"; unset LLAMASPEC_LLAMA_DIR; setup; build_llama_server ;;
    pack) no_more_arguments "$@"; pack ;;
    clean) no_more_arguments "$@"; rm -rf "$artifacts" ;;
    help | -h | --help) help ;;
    *) usage_error "unknown verb '$verb'" ;;
esac
