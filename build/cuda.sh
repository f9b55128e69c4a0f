# shellcheck shell=bash disable=SC2030,SC2031,SC2154 # build.sh and its other parts share variables
# Provides ggml's backend for NVIDIA GPUs, on demand: published, pinned by hash like the CPU libraries, which it stands beside.
# It is large, so it is linked and not copied, only to what is run at a desk (not to tests), and never packed.
#   <cache>/llama.cpp-<version>/<platform>-cuda13, -cuda12      one library each
#   artifacts/use-cuda                                          which of them this clone uses; 'clean' forgets it

cuda_choice_file=$artifacts/use-cuda
cuda_library_name=libggml-cuda.so

take_cuda_option() { # OPTION: --cuda, --cuda=12 or --cuda=13; false for any other
    case $1 in
        --cuda) cuda=auto ;;
        --cuda=12 | --cuda=13) cuda=${1#--cuda=} ;;
        --cuda=*) usage_error "--cuda is 12 or 13, or left to what is installed, but is '${1#--cuda=}'" ;;
        *) return 1 ;;
    esac
}

# With --cuda or LLAMASPEC_CUDA: fetches the backend. What is missing is said, and the CPU libraries do without it.
resolve_cuda() {
    if [[ -z $cuda ]]; then return; fi
    local version=$cuda
    if [[ $version != 1[23] ]]; then version=$(installed_cuda || echo 13); fi
    local name=$platform-cuda$version directory
    directory=$llama_cache/$name
    if ! why_no_cuda "$name"; then return 1; fi
    if [[ ! -f $directory/$cuda_library_name ]]; then
        begin setup
        with_scratch make_cuda "$name" "$directory" || true
        if [[ ! -f $directory/$cuda_library_name ]]; then
            warn "no GPU backend: the package of the pin $name is missing, see above." \
                "Everything else is in place; generation runs on the CPU."
            return 1
        fi
        finish setup "$cuda_library_name for CUDA $version in $directory"
    fi
    mkdir -p "$artifacts"
    printf '%s\n' "$directory/$cuda_library_name" >"$cuda_choice_file"
    if ! has_cuda_runtime "$version"; then
        warn "the CUDA $version runtime was not found: libcudart.so.$version and libcublas.so.$version." \
            "Install it (CUDA toolkit $version, or its runtime and cuBLAS packages) where the loader looks, or name its folder in LD_LIBRARY_PATH." \
            "Until then generation runs on the CPU; 'llamaspec check' tells."
    fi
}

why_no_cuda() { # PIN: false, and says why, where there is nothing to fetch
    if [[ -n ${LLAMASPEC_LLAMA_DIR-} ]]; then
        warn "--cuda belongs to the published llama.cpp; LLAMASPEC_LLAMA_DIR brings its own backends."
    elif [[ -z $(pin "$1" 2) ]]; then
        warn "there is no published CUDA backend of llama.cpp $llama_version for $platform." \
            "Build llama.cpp $llama_version with -DGGML_CUDA=ON and name it in LLAMASPEC_LLAMA_DIR; the CPU libraries are in place."
    elif [[ $llama_library == *-source ]]; then
        warn "the published CUDA backend does not fit a llama.cpp built from source (it needs glibc $oldest_glibc)." \
            "The CPU libraries are in place."
    else
        return 0
    fi
    return 1
}

installed_cuda() { # the newest of the two whose runtime is there
    local version
    for version in 13 12; do
        if has_cuda_runtime "$version"; then echo "$version"; return; fi
    done
    return 1
}

has_cuda_runtime() { # VERSION
    has_library "libcudart.so.$1" && has_library "libcublas.so.$1"
}

has_library() { # NAME: where the loader looks
    local directory
    local -a directories
    IFS=: read -r -a directories <<<"${LD_LIBRARY_PATH-}"
    for directory in ${directories[@]+"${directories[@]}"}; do
        if [[ -n $directory && -e $directory/$1 ]]; then return; fi
    done
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | awk -v name="$1" '$1 == name { found = 1 } END { exit !found }'
}

make_cuda() { # PIN DIRECTORY
    fetch "$1"
    mkdir -p "$scratch/package" "$scratch/libraries"
    logged setup tar -xzf "$package_file" -C "$scratch/package"
    find "$scratch/package" -name "$cuda_library_name" -exec mv {} "$scratch/libraries" \;
    if [[ -f $scratch/libraries/$cuda_library_name ]]; then put_in_place "$scratch/libraries" "$2"; fi
}

link_cuda() { # DIRECTORIES...: puts the chosen backend there, or takes away one that is not chosen any more
    local library='' directory
    if [[ -f $cuda_choice_file ]]; then library=$(<"$cuda_choice_file"); fi
    for directory in "$@"; do
        if [[ -n $library && -f $library && -d $directory ]]; then
            ln -sf "$library" "$directory/$cuda_library_name"
        elif [[ -L $directory/$cuda_library_name ]]; then
            rm -f "$directory/$cuda_library_name"
        fi
    done
}

link_cuda_to_programs() {
    link_cuda "$artifacts/bin/LlamaSpec.Cli/release/runtimes/$platform/native" "$artifacts/bin/LlamaSpec.Benchmarks/release/runtimes/$platform/native"
}
