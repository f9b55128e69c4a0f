# shellcheck shell=bash disable=SC2034,SC2154 # the other parts share its variables
# What every part of build.sh uses: paths, messages, and running a tool with its output in a log.
# Written for bash 3.2, the one that macOS has.

artifacts=$root/artifacts
logs=$artifacts/log
command_line=$artifacts/bin/LlamaSpec.Cli/release/LlamaSpec.Cli.dll
cache_root=${LLAMASPEC_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/llamaspec}
jobs=${LLAMASPEC_JOBS:-$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)}
from_source=${LLAMASPEC_FROM_SOURCE:-}
cuda=${LLAMASPEC_CUDA:-}
cuda_is_asked=0 # by an option: then its lack is a failure

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# In CI no compiler server may outlive the script; at a desk it makes the next build quick.
if [[ -n ${CI-} ]]; then export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false; fi

colours=
if [[ -t 2 && -z ${NO_COLOR-} && ${TERM-} != dumb ]]; then colours=1; fi

paint() { # CODE TEXT
    if [[ -n $colours ]]; then printf '\033[%sm%s\033[0m' "$1" "$2"; else printf '%s' "$2"; fi
}

say() {
    if [[ -n $colours ]]; then printf '\r\033[K' >&2; fi
    printf '%s\n' "$*" >&2
}

fail() { # FIRST-LINE [MORE-LINES...]
    say "$(paint 31 error:) $1"
    shift
    local line
    for line in "$@"; do say "  $line"; done
    exit 1
}

warn() { # FIRST-LINE [MORE-LINES...]
    say "$(paint 33 warning:) $1"
    shift
    local line
    for line in "$@"; do say "  $line"; done
}

begin() { # STAGE: one line per stage; a new log
    stage_start=$SECONDS
    mkdir -p "$logs"
    : >"$logs/$1.log"
    if [[ -n $colours ]]; then printf '%-8s...' "$1" >&2; fi
}

finish() { # STAGE DETAIL
    say "$(printf '%-8s%s  %s (%d s)' "$1" "$(paint 32 ok)" "$2" $((SECONDS - stage_start)))"
}

logged() { # STAGE COMMAND...: the output goes to the stage's log; a failure shows its end and stops the script
    local stage=$1 status=0
    shift
    printf '$ %s\n' "$*" >>"$logs/$stage.log"
    "$@" >>"$logs/$stage.log" 2>&1 </dev/null || status=$?
    if ((status == 0)); then return; fi
    say ''
    tail -n 40 "$logs/$stage.log" >&2
    advise_on_llamasharp "$logs/$stage.log"
    fail "$stage failed ($1 ended with $status). The full log: ${logs#"$root"/}/$stage.log"
}

detect_platform() { # the .NET runtime identifier
    local system machine
    case $(uname -s) in
        Linux) system=linux ;;
        Darwin) system=osx ;;
        *) fail "build.sh runs on Linux and macOS; on Windows use build.ps1." ;;
    esac
    if [[ $system == linux ]] && ldd --version 2>&1 | grep -qi musl; then system=linux-musl; fi
    case $(uname -m) in
        x86_64 | amd64) machine=x64 ;;
        aarch64 | arm64) machine=arm64 ;;
        *) machine=$(uname -m) ;;
    esac
    platform=$system-$machine
}

detect_platform
