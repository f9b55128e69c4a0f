# shellcheck shell=bash disable=SC2030,SC2031,SC2154 # build.sh and its other parts share variables
# Provides llama.cpp: published binaries pinned by hash, a source build, or a directory of one's own.
# The cache lies outside the tree, so that every clone and every clean shares it:
#   <cache>/downloads/<sha512, 16 digits>-<package>.tgz    verified before they get this name
#   <cache>/llama.cpp-<version>/include, <platform>, <platform>-source, <platform>-server
# A directory with its final name is complete: things are made under a temporary name and renamed.

pins=$root/native/llama.cpp.pins
llama_version=$(awk '$1 == "llama.cpp" { print $2 }' "$pins")
llama_cache=$cache_root/llama.cpp-$llama_version
oldest_glibc=2.34 # what the published Linux binaries were linked against

resolve_llama() { # sets llama_include and llama_library
    if [[ -n ${LLAMASPEC_LLAMA_DIR-} ]]; then use_own_llama; return; fi
    local variant=$platform
    if [[ -n $from_source ]] || ! has_published_binaries; then variant=$platform-source; fi
    llama_include=$llama_cache/include
    llama_library=$llama_cache/$variant
    if [[ -d $llama_include && -d $llama_library ]]; then return; fi
    begin setup
    with_scratch make_llama "$variant"
    finish setup "llama.cpp $llama_version in $llama_library"
}

make_llama() { # VARIANT
    if [[ ! -d $llama_include ]]; then make_include; fi
    if [[ -d $llama_library ]]; then return; fi
    if [[ $1 == *-source ]]; then make_from_source; else make_from_binaries; fi
}

with_scratch() { # COMMAND...: runs it with $scratch, while no other build does
    mkdir -p "$llama_cache" "$cache_root/downloads"
    # A subshell: the lock and the temporary directory end with it, however it ends.
    (
        if command -v flock >/dev/null; then
            if ! flock -n 9; then
                say "setup   waiting for another build that is fetching llama.cpp"
                flock 9
            fi
            rm -rf "$llama_cache"/tmp.* # whoever made it was killed: we hold the lock
        fi
        scratch=$(mktemp -d "$llama_cache/tmp.XXXXXX")
        trap 'rm -rf "$scratch"' EXIT
        trap 'exit 130' INT TERM HUP
        "$@"
    ) 9>"$llama_cache/.lock"
}

# llama-server of the pinned source, to measure against. It gets the CPU libraries that LlamaSpec uses: the same kernels.
build_llama_server() {
    local server=$llama_cache/$platform-server
    if [[ ! -d $server ]]; then
        begin setup
        with_scratch make_server "$server"
        finish setup "llama-server $llama_version in $server"
    fi
    echo "$server/llama-server"
}

make_server() { # DIRECTORY
    local source=$scratch/source
    say "setup   building llama-server $llama_version from source for $platform, once; this takes 5 to 30 minutes"
    unpack_source "$source" CMakeLists.txt LICENSE cmake common ggml include licenses scripts src tools vendor
    configure_source "$source" -DLLAMA_BUILD_COMMON=ON -DLLAMA_BUILD_TOOLS=ON -DLLAMA_BUILD_SERVER=ON \
        -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF
    logged setup cmake --build "$source/build" --target llama-server -j "$jobs"
    mkdir "$scratch/server"
    cp "$source/build/bin/llama-server" "$source"/build/bin/lib* "$llama_library"/libggml-cpu* "$scratch/server"
    put_in_place "$scratch/server" "$1"
}

use_own_llama() {
    llama_include=$LLAMASPEC_LLAMA_DIR/include
    llama_library=$LLAMASPEC_LLAMA_DIR/lib
    [[ -f $llama_include/llama.h && -d $llama_library ]] || fail \
        "LLAMASPEC_LLAMA_DIR=$LLAMASPEC_LLAMA_DIR is not a llama.cpp build." \
        "It needs include/llama.h (with ggml's headers beside it) and lib/ with libllama and libggml*."
    llama_include=$(cd "$llama_include" && pwd -P)
    llama_library=$(cd "$llama_library" && pwd -P)
}

has_published_binaries() {
    [[ -n $(pin "$platform" 2) ]] || return 1
    local glibc
    glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | awk '{ print $2 }') || return 0
    [[ $(printf '%s\n%s\n' "$oldest_glibc" "$glibc" | sort -V | head -n 1) == "$oldest_glibc" ]]
}

pin() { # NAME FIELD
    awk -v name="$1" -v field="$2" '$1 == name { print $field }' "$pins"
}

make_include() {
    unpack_source "$scratch/headers" include ggml/include
    mkdir "$scratch/include"
    cp "$scratch"/headers/include/*.h "$scratch"/headers/ggml/include/*.h "$scratch/include"
    put_in_place "$scratch/include" "$llama_include"
}

make_from_binaries() {
    fetch "$platform"
    mkdir "$scratch/package"
    logged setup tar -xzf "$package_file" -C "$scratch/package"
    mkdir "$scratch/libraries"
    mv "$scratch"/package/package/bins/*/lib*.* "$scratch/libraries"
    rm -f "$scratch"/libraries/libllama-common.*
    put_in_place "$scratch/libraries" "$llama_library"
}

make_from_source() {
    local source=$scratch/source
    say "setup   building llama.cpp $llama_version from source for $platform, once; this takes 5 to 30 minutes"
    unpack_source "$source" CMakeLists.txt LICENSE cmake common ggml include licenses src vendor
    configure_source "$source" -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF
    logged setup cmake --build "$source/build" -j "$jobs"
    mkdir "$scratch/libraries"
    cp "$source"/build/bin/lib* "$scratch/libraries"
    put_in_place "$scratch/libraries" "$llama_library"
}

configure_source() { # DIRECTORY FLAGS...: what is built is left to the flags
    local origin="\$ORIGIN" source=$1
    shift
    if [[ $platform == osx-* ]]; then origin=@loader_path; fi
    # All variants: one library per CPU generation, picked when it runs. OpenMP's spinning threads
    # behave badly on a busy machine. Plain library names: no links to carry around.
    logged setup cmake -S "$source" -B "$source/build" -G "$generator" -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_SHARED_LIBS=ON -DGGML_OPENMP=OFF -DGGML_NATIVE=OFF -DGGML_BACKEND_DL=ON -DGGML_CPU_ALL_VARIANTS=ON \
        -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_IS_DEV=OFF -DLLAMA_CURL=OFF \
        -DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON "-DCMAKE_INSTALL_RPATH=$origin" "$@"
}

unpack_source() { # DIRECTORY PATHS...
    local directory=$1
    shift
    fetch source
    mkdir -p "$directory" "$scratch/bundle"
    if [[ ! -d $scratch/llama.git ]]; then
        logged setup tar -xzf "$package_file" -C "$scratch/bundle" package/llama/gitRelease.bundle
        logged setup git clone --quiet --bare "$scratch/bundle/package/llama/gitRelease.bundle" "$scratch/llama.git"
    fi
    logged setup git --git-dir="$scratch/llama.git" archive -o "$scratch/source.tar" HEAD "$@"
    logged setup tar -xf "$scratch/source.tar" -C "$directory"
}

put_in_place() { # FROM TO
    if [[ ! -d $2 ]]; then mv "$1" "$2"; fi
}

fetch() { # NAME: sets package_file to the verified package of that pin
    local package version hash label download
    package=$(pin "$1" 2)
    version=$(pin "$1" 3)
    hash=$(pin "$1" 4)
    hash=$(printf '%s' "${hash#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
    label=$(printf '%s-%s' "${package#@}" "$version" | tr / -)
    package_file=$cache_root/downloads/${hash:0:16}-$label.tgz
    if [[ -f $package_file ]]; then return; fi
    say "setup   fetching $package $version"
    download=$scratch/download/$label.tgz
    mkdir -p "$scratch/download"
    download_package "$package" "$version" "$download"
    if [[ $(sha512_of "$download") != "$hash" ]]; then
        rm -f "$download"
        fail "$package $version is not the file that native/llama.cpp.pins names: its sha512 differs." \
            "It was removed and nothing of it was used. If it happens again, the registry or a proxy serves another file."
    fi
    mv "$download" "$package_file"
}

download_package() { # PACKAGE VERSION FILE (named as npm pack would name it)
    if command -v npm >/dev/null &&
        (cd "${3%/*}" && npm pack --silent --ignore-scripts --fetch-retries=1 "$1@$2") >>"$logs/setup.log" 2>&1 </dev/null; then
        return
    fi
    local url
    url=$(registry)/$1/-/${1##*/}-$2.tgz
    if command -v curl >/dev/null &&
        curl -fsSL --retry 2 --connect-timeout 20 -o "$3" "$url" >>"$logs/setup.log" 2>&1 </dev/null; then
        return
    fi
    tail -n 5 "$logs/setup.log" >&2
    fail "Could not fetch $1 $2 from $(registry | sed 's#//[^/@]*@#//#')." \
        "Check the network or the proxy, or name another npm registry: NPM_CONFIG_REGISTRY=... ./build.sh setup" \
        "Without a network: set LLAMASPEC_LLAMA_DIR to a llama.cpp $llama_version build, or copy the cache of another machine to $cache_root."
}

registry() {
    local url=${NPM_CONFIG_REGISTRY:-${npm_config_registry:-}}
    if [[ -z $url ]] && command -v npm >/dev/null; then url=$(npm config get registry 2>/dev/null </dev/null) || url=; fi
    if [[ $url != http* ]]; then url=https://registry.npmjs.org; fi
    printf '%s' "${url%/}"
}

sha512_of() { # FILE
    if command -v sha512sum >/dev/null; then sha512sum "$1"; else shasum -a 512 "$1"; fi | awk '{ print $1 }'
}
