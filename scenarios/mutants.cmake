# Mutants: the core with one patch of scenarios/mutants/, each an executable of its own that plays one
# arm. Only the patched file is compiled again; its object comes before the library that holds the
# original, which the linker then has no use for. No such switch exists in the product.
find_program(PATCH_PROGRAM patch REQUIRED)
add_library(strongroom_mutant_main OBJECT mutant_main.cpp)
target_link_libraries(strongroom_mutant_main PRIVATE strongroom_rendered strongroom_warnings)
add_custom_target(mutants)

file(GLOB patches CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/mutants/*.patch")
get_filename_component(root "${CMAKE_CURRENT_SOURCE_DIR}/.." ABSOLUTE)
foreach(patch ${patches})
    get_filename_component(name "${patch}" NAME_WE)
    file(STRINGS "${patch}" target REGEX "^\\+\\+\\+ b/")
    list(LENGTH target files)
    if(NOT files EQUAL 1)
        message(FATAL_ERROR "${patch}: a mutant changes one file, not ${files}")
    endif()
    string(REGEX REPLACE "^\\+\\+\\+ b/([^\t ]+).*" "\\1" source "${target}")
    if(NOT source MATCHES "^core/(auth|devices|terminal|watch)/[a-z_]+\\.cpp$")
        message(FATAL_ERROR "${patch}: a mutant changes core/auth, core/devices, core/terminal or core/watch")
    endif()
    get_filename_component(folder "${source}" DIRECTORY)
    get_filename_component(file "${source}" NAME)
    set(mutated "${CMAKE_CURRENT_BINARY_DIR}/mutated/${name}/${file}")
    file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/mutated/${name}")
    add_custom_command(OUTPUT "${mutated}"
        COMMAND "${CMAKE_COMMAND}" -DPATCH_PROGRAM=${PATCH_PROGRAM} -DSOURCE=${root}/${source}
            -DPATCH=${patch} -DOUTPUT=${mutated}
            -P "${CMAKE_CURRENT_SOURCE_DIR}/apply_mutation.cmake"
        DEPENDS "${patch}" "${root}/${source}" "${CMAKE_CURRENT_SOURCE_DIR}/apply_mutation.cmake"
        COMMENT "Taking a defence away: ${name}" VERBATIM)
    add_executable(mutant-${name} "${mutated}")
    target_include_directories(mutant-${name} PRIVATE "${root}/${folder}")
    target_link_libraries(mutant-${name} PRIVATE strongroom_mutant_main strongroom_rendered
        strongroom_scenarios strongroom_terminal strongroom_store strongroom_auth strongroom_devices strongroom_warnings)
    set_target_properties(mutant-${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/mutants")
    add_dependencies(mutants mutant-${name})
endforeach()
