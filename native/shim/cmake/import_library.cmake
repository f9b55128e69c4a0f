# MSVC links against import libraries, which the published llama.cpp binaries leave out: makes one from the functions
# that we call. NAME.symbols lists them, one per line.

# Sets ${result} to an import library for ${dll}.
function(llamaspec_import_library result dll symbols)
    get_filename_component(dll_name "${dll}" NAME)
    get_filename_component(name "${symbols}" NAME_WE)
    set(definition "${CMAKE_CURRENT_BINARY_DIR}/${name}.def")
    set(library "${CMAKE_CURRENT_BINARY_DIR}/${name}.lib")
    file(STRINGS "${symbols}" functions)
    list(JOIN functions "\n    " exports)
    file(WRITE "${definition}" "LIBRARY ${dll_name}\nEXPORTS\n    ${exports}\n")
    string(TOLOWER "${CMAKE_CXX_COMPILER_ARCHITECTURE_ID}" machine)
    execute_process(COMMAND "${CMAKE_AR}" -nologo "-def:${definition}" "-out:${library}" "-machine:${machine}" RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "No import library could be made for ${dll} with ${CMAKE_AR}")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${symbols}")
    set(${result} "${library}" PARENT_SCOPE)
endfunction()
