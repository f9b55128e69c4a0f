# shellcheck shell=bash disable=SC2154 # build.sh and its other parts share variables
# The C and C++ part: configures, builds, and puts llama.cpp's libraries beside ours.

native_output=$artifacts/native/$platform

build_native() {
    begin native
    compile_native native "$artifacts/cmake" "$native_output"
    finish native "${native_output#"$root"/}"
}

test_sanitized() {
    local directory=$artifacts/cmake-sanitize
    begin sanitize
    compile_native sanitize "$directory" "$directory/out" -DLLAMASPEC_SANITIZE=ON -DLLAMASPEC_BENCH=OFF
    finish sanitize built
    ctest --test-dir "$directory" --output-on-failure --timeout 900 </dev/null
}

compile_native() { # STAGE BUILD-DIRECTORY OUTPUT-DIRECTORY OPTIONS...
    local stage=$1 directory=$2 output=$3 signature
    shift 3
    # CMake notices changed files by itself; a changed place, compiler or llama.cpp means starting over.
    signature="$root|$generator|${CC-}|${CXX-}|$llama_version|$llama_include|$llama_library|$*"
    if [[ ! -f $directory/build.signature || $(<"$directory/build.signature") != "$signature" ]]; then
        rm -rf "$directory" "$output"
        mkdir -p "$directory"
        copy_llama_libraries "$output"
        logged "$stage" cmake -S "$root" -B "$directory" -G "$generator" -DCMAKE_BUILD_TYPE=Release \
            "-DLLAMASPEC_LLAMA_INCLUDE_DIR=$llama_include" "-DLLAMASPEC_LLAMA_LIBRARY_DIR=$llama_library" \
            "-DLLAMASPEC_LLAMA_VERSION=$llama_version" "-DLLAMASPEC_OUTPUT_DIR=$output" "$@"
        printf '%s\n' "$signature" >"$directory/build.signature"
    fi
    copy_llama_libraries "$output"
    logged "$stage" cmake --build "$directory" -j "$jobs"
}

copy_llama_libraries() { # DIRECTORY: copies with today's date, so that MSBuild takes them for newer than its own
    local library copy
    mkdir -p "$1"
    for library in "$llama_library"/lib*; do
        copy=$1/${library##*/}
        if [[ -L $library ]]; then
            cp -RPf "$library" "$copy"
        elif ! cmp -s "$library" "$copy"; then
            cp -f "$library" "$copy"
        fi
    done
}
