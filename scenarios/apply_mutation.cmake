# cmake -DPATCH_PROGRAM=... -DSOURCE=... -DPATCH=... -DOUTPUT=... -P apply_mutation.cmake
# Writes a mutated copy of one source file. Nothing is guessed: a patch that no longer fits exactly
# fails the build.
execute_process(
    COMMAND "${PATCH_PROGRAM}" --silent --fuzz=0 --output=${OUTPUT} "${SOURCE}" "${PATCH}"
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(failed)
    file(REMOVE "${OUTPUT}")
    message(FATAL_ERROR
        "The mutant's patch no longer applies to the code that it takes a defence from.\n"
        "  patch: ${PATCH}\n  code:  ${SOURCE}\n${said}\n"
        "Make the same change by hand and write the difference into the patch again.")
endif()
