# animate_add_library(NAME base SOURCES a.cpp … PUBLIC … PRIVATE … [DEFINITIONS …] [TORCH_PCH] [HOT] [COLD])
# One static library per room, called animate_<name>. Third-party libraries go under PRIVATE. HOT: its loops over pixels
# and tensors are where time goes, so they get -O3. COLD: it waits for people and networks, so -O1 will do, and compiles a
# quarter faster. With ANIMATE_PLAIN_ROOMS the rooms of LibTorch are those of that build
# folder: a sanitizer, which sees nothing inside LibTorch, then need not wait for them.
function(animate_add_library)
  cmake_parse_arguments(ARG "TORCH_PCH;HOT;COLD" "NAME" "SOURCES;PUBLIC;PRIVATE;DEFINITIONS" ${ARGN})
  set(target "animate_${ARG_NAME}")
  if(ARG_TORCH_PCH AND ANIMATE_PLAIN_ROOMS)
    add_library(${target} STATIC IMPORTED GLOBAL)
    file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
    set(archive "${ANIMATE_PLAIN_ROOMS}/${folder}/lib${target}.a")
    if(NOT EXISTS "${archive}")
      message(FATAL_ERROR "${archive} is not there; build the release preset first (scripts/setup.sh), or give -DANIMATE_PLAIN_ROOMS=")
    endif()
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${archive}")
    target_link_libraries(${target} INTERFACE animate_options ${ARG_PUBLIC} ${ARG_PRIVATE})
    return()
  endif()
  add_library(${target} STATIC ${ARG_SOURCES})
  target_link_libraries(${target} PUBLIC animate_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  target_compile_definitions(${target} PRIVATE ${ARG_DEFINITIONS})
  if(ARG_HOT)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O3>)
  elseif(ARG_COLD)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  if(ARG_TORCH_PCH)
    animate_use_torch_pch(${target})
  endif()
  animate_join_files(${target} "${ARG_SOURCES}")
endfunction()

# With ANIMATE_UNITY the files of a room are compiled several at a time: their common headers are read once, and what the
# headers leave to instantiate (2 to 3 s a file with LibTorch, 1 to 2 s without) is instantiated once. At least two pieces
# where there are files for it, so that two cores share a room. Files with flags of their own stay alone.
function(animate_join_files target sources)
  if(NOT ANIMATE_UNITY)
    return()
  endif()
  list(LENGTH sources count)
  math(EXPR pieces "(${count} + 15) / 16")
  if(count GREATER 5 AND pieces LESS 2)
    set(pieces 2)
  endif()
  math(EXPR files "(${count} + ${pieces} - 1) / ${pieces}")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files})
endfunction()

# LibTorch costs 25 s a translation unit; one precompiled header serves every target that uses it.
function(animate_use_torch_pch target)
  if(NOT TARGET animate_torch_pch)
    message(FATAL_ERROR "${target} wants the LibTorch precompiled header before src/core made it")
  endif()
  target_precompile_headers(${target} REUSE_FROM animate_torch_pch)
endfunction()

# animate_add_test(NAME base_tests LABEL unit SOURCES … LIBRARIES … [TORCH_PCH] [TIMEOUT seconds] [UNMENDED])
# One Catch2 program, of which every case is a ctest of its own, called "unit.base_tests: what the case says"; labels:
# unit golden cli fuzz bench. Without ANIMATE_TEST_CASES only those are that may be skipped, and the rest of the program is
# one ctest, "unit.base_tests". A case tagged [optional] needs something that not every machine has, and is shown as skipped
# where that is missing (tests/support/skip.h); hidden ones ([.name]) are for hands only. Test programs with LibTorch mend
# its convolutions first (core/right_convolutions.h); not with UNMENDED.
function(animate_add_test)
  cmake_parse_arguments(ARG "TORCH_PCH;UNMENDED" "NAME;LABEL;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE animate_test_main ${ARG_LIBRARIES})
  if(ARG_TORCH_PCH)
    animate_use_torch_pch(${ARG_NAME})
    if(NOT ARG_UNMENDED)
      target_sources(${ARG_NAME} PRIVATE $<TARGET_OBJECTS:animate_torch_test_main>)
      target_link_libraries(${ARG_NAME} PRIVATE animate_core)
    endif()
  else()
    # With LibTorch it would save nothing, and a precompiled header wants the flags it was made with.
    target_compile_options(${ARG_NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  animate_join_files(${ARG_NAME} "${ARG_SOURCES}")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  foreach(source IN LISTS ARG_SOURCES)
    file(STRINGS "${source}" lines REGEX "TEST_CASE")
    if(lines)
      # A case that is added, removed or called otherwise makes another list.
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
    endif()
    foreach(line IN LISTS lines)
      if(NOT line MATCHES "^TEST_CASE\\(\"([^\"]*)\"(, \"([^\"]*)\")?\\) {$")
        message(FATAL_ERROR "${source}: a TEST_CASE, its name and its tags have to stand in one line; shorten the name of ${line}")
      endif()
      # Both at once: the next comparison forgets what this one found.
      set(case "${CMAKE_MATCH_1}")
      set(tags "${CMAKE_MATCH_3}")
      if(tags MATCHES "^\\[\\.")
        continue()
      endif()
      if(NOT ANIMATE_TEST_CASES AND NOT tags MATCHES "\\[optional\\]")
        set(others ON)
        continue()
      endif()
      # To Catch2 a comma joins two patterns, and a bracket begins a tag.
      string(REGEX REPLACE "([][,\\*])" "\\\\\\1" pattern "${case}")
      # A name that begins with a dash would be taken for a flag.
      string(REGEX REPLACE "^-+" "*" pattern "${pattern}")
      animate_add_test_run("${ARG_LABEL}.${ARG_NAME}: ${case}" ${ARG_TIMEOUT} ${ARG_LABEL} ${ARG_NAME} "${pattern}")
    endforeach()
  endforeach()
  if(others)
    math(EXPR together "4 * ${ARG_TIMEOUT}")
    # Hidden cases are left out by name: version 2 of Catch2 takes them for meant where a pattern only says what is not.
    animate_add_test_run("${ARG_LABEL}.${ARG_NAME}" ${together} ${ARG_LABEL} ${ARG_NAME} "~[optional]~[.]")
  endif()
endfunction()

function(animate_add_test_run name timeout label program pattern)
  add_test(NAME "${name}" COMMAND ${program} "${pattern}")
  set_tests_properties("${name}" PROPERTIES LABELS ${label} TIMEOUT ${timeout} SKIP_RETURN_CODE 77
                                            ENVIRONMENT OMP_WAIT_POLICY=passive)
endfunction()
