# The commit that a build is of, for `animate --version`. In the project: include(AnimateCommit) makes the target
# animate_commit, which looks at every build and writes commit.h only where it changed, so that one small file is compiled
# again. Whoever builds from an archive without git may name the commit with -DANIMATE_COMMIT=.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(ANIMATE_COMMIT "" CACHE STRING "The commit that the program names; empty: git is asked")
  set(ANIMATE_COMMIT_FOLDER "${PROJECT_BINARY_DIR}/commit")
  add_custom_target(
    animate_commit
    COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${PROJECT_SOURCE_DIR}" "-DCOMMIT=${ANIMATE_COMMIT}"
            "-DHEADER=${ANIMATE_COMMIT_FOLDER}/commit.h" -P "${CMAKE_CURRENT_LIST_FILE}"
    BYPRODUCTS "${ANIMATE_COMMIT_FOLDER}/commit.h"
    VERBATIM)
  return()
endif()

# As a script: SOURCE, COMMIT and HEADER are given.
if(COMMIT STREQUAL "" AND EXISTS "${SOURCE}/.git")
  find_program(GIT git)
  if(GIT)
    # Somebody else's checkout is as good a source of the name.
    set(git "${GIT}" -c safe.directory=* -C "${SOURCE}")
    execute_process(COMMAND ${git} rev-parse --short=10 HEAD OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND ${git} diff --quiet HEAD RESULT_VARIABLE changed ERROR_QUIET)
    if(COMMIT AND changed EQUAL 1)
      string(APPEND COMMIT ", changed since")
    endif()
  endif()
endif()
set(text "// Written by scripts/cmake/AnimateCommit.cmake.\n#define ANIMATE_COMMIT \"${COMMIT}\"\n")
set(before "")
if(EXISTS "${HEADER}")
  file(READ "${HEADER}" before)
endif()
if(NOT before STREQUAL text)
  file(WRITE "${HEADER}" "${text}")
endif()
