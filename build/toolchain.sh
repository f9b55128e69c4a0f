# shellcheck shell=bash disable=SC2034,SC2154 # build.sh and its other parts share variables
# Checks the tools a build needs; on Debian and Ubuntu installs what is missing, elsewhere names it.

minimum_cmake=3.22

check_toolchain() {
    find_missing_tools
    if [[ -n $missing_tools ]]; then
        install_missing_tools
        find_missing_tools
        if [[ -n $missing_tools ]]; then explain_missing_tools "$missing_tools"; fi
    fi
    check_dotnet
    # Ninja is quicker and quieter; Makefiles do as well.
    if command -v ninja >/dev/null; then generator=Ninja; else generator='Unix Makefiles'; fi
}

find_missing_tools() { # sets missing_tools, words of: cmake compiler make git tar curl
    missing_tools=
    has_cmake || missing_tools+=' cmake'
    compiles_cxx17 || missing_tools+=' compiler'
    command -v ninja >/dev/null || command -v make >/dev/null || missing_tools+=' ninja'
    command -v git >/dev/null || missing_tools+=' git'
    command -v tar >/dev/null || missing_tools+=' tar'
    command -v npm >/dev/null || command -v curl >/dev/null || missing_tools+=' curl'
}

has_cmake() {
    local version
    version=$(cmake --version 2>/dev/null | awk 'NR == 1 { print $3 }') || return 1
    awk -v have="$version" -v need="$minimum_cmake" 'BEGIN {
        split(have, h, "."); split(need, n, ".")
        exit !(h[1] > n[1] || (h[1] == n[1] && h[2] + 0 >= n[2] + 0))
    }'
}

compiles_cxx17() {
    local compiler
    for compiler in "${CXX:-c++}" g++ clang++; do
        if printf '#include <optional>\nint main() { if (int x = 0; x) {} return 0; }\n' |
            "$compiler" -std=c++17 -fsyntax-only -x c++ - >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

package_names() { # MANAGER TOOLS...
    local manager=$1 tool names=
    shift
    for tool in "$@"; do
        case $manager:$tool in
            apt-get:compiler) names+=' g++' ;;
            apt-get:curl) names+=' curl ca-certificates' ;;
            dnf:compiler) names+=' gcc-c++' ;;
            pacman:compiler) names+=' gcc' ;;
            apk:compiler) names+=' g++ musl-dev' ;;
            brew:compiler) ;; # comes with the Xcode command line tools
            apt-get:ninja | dnf:ninja) names+=' ninja-build' ;;
            *) names+=" $tool" ;;
        esac
    done
    printf '%s' "${names# }"
}

install_missing_tools() {
    local as_root=''
    command -v apt-get >/dev/null || return 0
    if (($(id -u) != 0)); then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 0
        as_root='sudo -n'
    fi
    # shellcheck disable=SC2046,SC2086 # lists of words
    set -- $(package_names apt-get $missing_tools)
    say "setup   installing with apt-get: $*"
    begin setup
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    logged setup $as_root apt-get update
    # shellcheck disable=SC2086
    logged setup $as_root apt-get install -y --no-install-recommends "$@"
    finish setup 'tools installed'
    hash -r
}

explain_missing_tools() { # TOOLS
    local manager names lines=''
    for manager in apt-get dnf pacman apk brew; do
        command -v "$manager" >/dev/null || continue
        # shellcheck disable=SC2086
        names=$(package_names "$manager" $1)
        case $manager in
            pacman) lines="sudo pacman -S $names" ;;
            apk) lines="sudo apk add $names" ;;
            brew) lines="brew install $names" ;;
            *) lines="sudo $manager install $names" ;;
        esac
        break
    done
    if [[ $(uname -s) == Darwin && $1 == *compiler* ]]; then lines="xcode-select --install${names:+; $lines}"; fi
    names=${1# }
    names=${names// /, }
    names=${names/cmake/cmake $minimum_cmake or later}
    fail "Missing: ${names/compiler/a C++17 compiler}." \
        "Install with: ${lines:-your package manager}" \
        "and run ./build.sh again."
}

check_dotnet() {
    if command -v dotnet >/dev/null && dotnet --version >/dev/null 2>&1; then return; fi
    fail "The .NET SDK 10.0 is missing (runtime alone is not enough; global.json asks for 10.0)." \
        "Download: https://dot.net/download   (choose SDK 10.0 for $platform)" \
        "Debian, Ubuntu: sudo apt-get install dotnet-sdk-10.0   (Debian: add Microsoft's package feed first, see the page)" \
        "Fedora: sudo dnf install dotnet-sdk-10.0     macOS: brew install --cask dotnet-sdk" \
        "then run ./build.sh again."
}
