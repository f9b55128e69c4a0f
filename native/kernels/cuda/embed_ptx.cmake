# Writes the PTX as a C++ array, ended with a zero: string literals have limits, arrays have none.
file(READ "${PTX}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "((0x..,){32})" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}"
    "// Made from kernels.cu.\nstatic const char text[] = {\n${bytes}0};\n"
    "extern const char * const cuda_ptx;\nconst char * const cuda_ptx = text;\n")
