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
        1) export WithLLamaSharp=true ;;
        *)
            if [[ $llamasharp != /* ]]; then llamasharp=$caller_directory/$llamasharp; fi
            [[ -f $llamasharp ]] || fail "There is no LLamaSharp assembly at $llamasharp." "Give the path of LLamaSharp.dll, or --with-llamasharp alone for the package."
            export LLamaSharpAssembly=$llamasharp ;;
    esac
}

report_llamasharp() {
    if [[ -z ${WithLLamaSharp-}${LLamaSharpAssembly-} ]]; then
        say 'note    LlamaSpec.LLamaSharp is left out of this build; --with-llamasharp[=PATH] includes it (help tells more)'
    fi
}
