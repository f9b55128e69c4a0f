# shellcheck shell=bash disable=SC2154 # build.sh and its other parts share variables
# LLamaSharp, the second backend: the package (1), an assembly built elsewhere (its path), or nothing: then it is left out.

llamasharp=${LLAMASPEC_LLAMASHARP:-}

take_llamasharp_option() { # OPTION
    case $1 in
        --with-llamasharp) llamasharp=1 ;;
        --with-llamasharp=*) llamasharp=${1#*=} ;;
        *) return 1 ;;
    esac
}

# MSBuild takes properties from the environment.
resolve_llamasharp() {
    case $llamasharp in
        '') ;;
        1)
            export WithLLamaSharp=true
            unset LLamaSharpAssembly ;;
        *)
            if [[ $llamasharp != /* ]]; then llamasharp=$caller_directory/$llamasharp; fi
            [[ -f $llamasharp && ${llamasharp##*/} == LLamaSharp.dll ]] || fail "There is no LLamaSharp assembly at $llamasharp." "Give the path of LLamaSharp.dll, or --with-llamasharp alone for the package."
            export LLamaSharpAssembly=$llamasharp ;;
    esac
}

report_llamasharp() {
    if [[ ${WithLLamaSharp-} != true && -z ${LLamaSharpAssembly-} ]]; then
        say 'note    LlamaSpec.LLamaSharp is left out of this build; --with-llamasharp[=PATH] includes it (help tells more)'
    fi
}

report_unpacked_llamasharp() {
    if [[ -n ${LLamaSharpAssembly-} ]]; then
        say 'note    LlamaSpec.LLamaSharp is not packed: it would depend on an assembly that is no package; --with-llamasharp alone packs it'
    fi
}

advise_on_llamasharp() { # LOG of a build that failed
    if grep -qE 'error NU(110[123]: Unable to find package LLamaSharp|1301:)' "$1" && [[ ${WithLLamaSharp-} == true ]]; then
        say 'hint    LLamaSharp was not found. RestoreAdditionalProjectSources=FOLDER-OR-URL names one more package source;'
        say '        --with-llamasharp=path/to/LLamaSharp.dll takes an assembly instead of the package.'
    fi
}
