# The GPU kernels, as PTX inside llamaspec_kernels. Translating them takes a clang++ with the nvptx target and nothing of
# CUDA; without one the library is built all the same, and lsk_cuda_open says why it cannot open a GPU.

option(LLAMASPEC_CUDA "Put the GPU kernels into llamaspec_kernels, where a clang++ can translate them" ON)

set(cuda_directory ${CMAKE_CURRENT_LIST_DIR})
set(cuda_sources ${cuda_directory}/batch.cpp ${cuda_directory}/driver.cpp ${cuda_directory}/llamaspec_cuda.cpp ${cuda_directory}/session.cpp)
# sm_75: the oldest GPUs that current drivers run; newer ones take it too.
set(cuda_flags -x cuda --cuda-device-only --cuda-gpu-arch=sm_75 -nocudainc -nocudalib
    -std=c++17 -O3 -ffp-contract=off -Wall -Wextra -Werror -S)

# Sets result to a clang++ that makes PTX, or to "".
function(find_ptx_compiler result)
    file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/probe.cu"
        "#include <stdint.h>\nextern \"C\" __attribute__((global)) void probe(uint32_t * p) { *p = __nvvm_read_ptx_sreg_tid_x(); }\n")
    foreach(name clang++ clang++-22 clang++-21 clang++-20 clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 clang++-14)
        find_program(candidate ${name} NO_CACHE)
        if(candidate)
            execute_process(COMMAND "${candidate}" ${cuda_flags} "${CMAKE_CURRENT_BINARY_DIR}/probe.cu" -o "${CMAKE_CURRENT_BINARY_DIR}/probe.ptx"
                RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
            if(status EQUAL 0)
                set(${result} "${candidate}" PARENT_SCOPE)
                return()
            endif()
        endif()
        unset(candidate)
    endforeach()
    set(${result} "" PARENT_SCOPE)
endfunction()

set(cuda_clang "")
if(LLAMASPEC_CUDA AND NOT APPLE AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    find_ptx_compiler(cuda_clang)
endif()
if(cuda_clang)
    message(STATUS "GPU kernels: translated by ${cuda_clang}")
    set(cuda_ptx_file ${CMAKE_CURRENT_BINARY_DIR}/kernels.ptx)
    set(cuda_ptx_source ${CMAKE_CURRENT_BINARY_DIR}/ptx.cpp)
    file(GLOB cuda_headers CONFIGURE_DEPENDS ${cuda_directory}/*.h)
    add_custom_command(OUTPUT ${cuda_ptx_source}
        COMMAND "${cuda_clang}" ${cuda_flags} "${cuda_directory}/kernels.cu" -o "${cuda_ptx_file}"
        COMMAND ${CMAKE_COMMAND} "-DPTX=${cuda_ptx_file}" "-DOUTPUT=${cuda_ptx_source}" -P "${cuda_directory}/embed_ptx.cmake"
        DEPENDS ${cuda_directory}/kernels.cu ${cuda_directory}/embed_ptx.cmake ${cuda_headers} ${CMAKE_CURRENT_SOURCE_DIR}/llamaspec_kernels.h
        VERBATIM)
else()
    message(STATUS "GPU kernels: left out, no clang++ with the nvptx target")
    set(cuda_ptx_source ${cuda_directory}/no_ptx.cpp)
endif()

target_sources(llamaspec_kernels PRIVATE ${cuda_sources} ${cuda_ptx_source})
target_include_directories(llamaspec_kernels PUBLIC ${cuda_directory})
target_link_libraries(llamaspec_kernels PRIVATE ${CMAKE_DL_LIBS})

add_subdirectory(cuda/tests)
if(LLAMASPEC_BENCH)
    add_subdirectory(cuda/bench)
endif()
