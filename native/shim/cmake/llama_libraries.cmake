# Defines the target llamaspec_llama_cpp: headers and libraries of the pinned llama.cpp.

foreach(directory LLAMASPEC_LLAMA_INCLUDE_DIR LLAMASPEC_LLAMA_LIBRARY_DIR)
    if(NOT IS_DIRECTORY "${${directory}}")
        message(FATAL_ERROR "${directory} is '${${directory}}', which is not a directory. "
                            "Run the native build script, which fetches llama.cpp and sets it.")
    endif()
endforeach()

# Sets ${result} to the library of that name in the directory: name.ext, name.v1.2.3.ext, with or without "lib"; or to "".
function(llamaspec_find_library result name extension)
    file(GLOB found
        "${LLAMASPEC_LLAMA_LIBRARY_DIR}/lib${name}.${extension}" "${LLAMASPEC_LLAMA_LIBRARY_DIR}/lib${name}.*.${extension}"
        "${LLAMASPEC_LLAMA_LIBRARY_DIR}/${name}.${extension}" "${LLAMASPEC_LLAMA_LIBRARY_DIR}/${name}.*.${extension}")
    list(SORT found)
    list(APPEND found "")
    list(GET found 0 first)
    set(${result} "${first}" PARENT_SCOPE)
endfunction()

if(WIN32)
    set(library_extension "dll")
elseif(APPLE)
    set(library_extension "dylib")
else()
    set(library_extension "so")
endif()

add_library(llamaspec_llama_cpp INTERFACE)
target_include_directories(llamaspec_llama_cpp SYSTEM INTERFACE "${LLAMASPEC_LLAMA_INCLUDE_DIR}")
foreach(name llama ggml ggml-base)
    llamaspec_find_library(path ${name} ${library_extension})
    if(NOT path)
        message(FATAL_ERROR "There is no library ${name} (*.${library_extension}) in ${LLAMASPEC_LLAMA_LIBRARY_DIR}")
    endif()
    if(MSVC)
        set(dll "${path}")
        llamaspec_find_library(path ${name} "lib")
        if(NOT path)
            include(${CMAKE_CURRENT_LIST_DIR}/import_library.cmake)
            llamaspec_import_library(path "${dll}" "${CMAKE_CURRENT_LIST_DIR}/${name}.symbols")
        endif()
    endif()
    target_link_libraries(llamaspec_llama_cpp INTERFACE "${path}")
endforeach()
