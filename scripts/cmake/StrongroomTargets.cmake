# strongroom_library(NAME [SOURCES ...] [PUBLIC ...] [PRIVATE ...])
#
# One target and one include root a folder: the target strongroom_NAME (alias strongroom::NAME) has
# its public headers under include/NAME/, and only targets that link it can include them. That is
# how "includes point down only" holds; the tidy test checks what a compiler cannot.
function(strongroom_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    if(ARG_SOURCES)
        add_library(strongroom_${name} STATIC ${ARG_SOURCES})
        target_include_directories(strongroom_${name}
            PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/include" PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
        target_link_libraries(strongroom_${name}
            PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} strongroom_warnings)
    else()
        add_library(strongroom_${name} INTERFACE)
        target_include_directories(strongroom_${name}
            INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}/include")
        target_link_libraries(strongroom_${name} INTERFACE ${ARG_PUBLIC})
    endif()
    add_library(strongroom::${name} ALIAS strongroom_${name})
endfunction()

# strongroom_test(NAME LABELS label... [SOURCES ...] [LINK ...] [TIMEOUT seconds])
#
# A Catch2 executable tests/test_NAME, one CTest entry a test case, so that `ctest -N` lists what is
# proven. Skipped cases show as skipped: a test that cannot run prints a line "SKIPPED: reason".
function(strongroom_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    if(CMAKE_CROSSCOMPILING)
        # An emulated processor is that much slower.
        math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 10")
    endif()
    add_executable(test_${name} ${ARG_SOURCES})
    target_link_libraries(test_${name} PRIVATE ${ARG_LINK} strongroom_test_main strongroom_warnings)
    target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    catch_discover_tests(test_${name}
        PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
            SKIP_REGULAR_EXPRESSION "SKIPPED: "
            ENVIRONMENT "STRONGROOM_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
endfunction()
