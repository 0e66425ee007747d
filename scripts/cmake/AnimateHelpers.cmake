# animate_add_library(NAME base SOURCES a.cpp … PUBLIC … PRIVATE … [TORCH_PCH])
# One static library per room, called animate_<name>. Third-party libraries go under PRIVATE.
function(animate_add_library)
  cmake_parse_arguments(ARG "TORCH_PCH" "NAME" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target "animate_${ARG_NAME}")
  add_library(${target} STATIC ${ARG_SOURCES})
  target_link_libraries(${target} PUBLIC animate_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  if(ARG_TORCH_PCH)
    animate_use_torch_pch(${target})
    animate_join_files(${target})
  endif()
endfunction()

# With ANIMATE_UNITY several files are compiled as one: their common headers are read once, and GCC instantiates once
# what the precompiled header has left open, which takes 2 to 3 s a file. Files with flags of their own stay alone.
function(animate_join_files target)
  if(ANIMATE_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()

# LibTorch costs 25 s a translation unit; one precompiled header serves every target that uses it.
function(animate_use_torch_pch target)
  if(NOT TARGET animate_torch_pch)
    message(FATAL_ERROR "${target} wants the LibTorch precompiled header before src/core made it")
  endif()
  target_precompile_headers(${target} REUSE_FROM animate_torch_pch)
endfunction()

# animate_add_test(NAME base_tests LABEL unit SOURCES … LIBRARIES … [TORCH_PCH])
# One Catch2 program, registered as one ctest per room; labels: unit golden cli fuzz bench.
function(animate_add_test)
  cmake_parse_arguments(ARG "TORCH_PCH" "NAME;LABEL;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE animate_test_main ${ARG_LIBRARIES})
  if(ARG_TORCH_PCH)
    animate_use_torch_pch(${ARG_NAME})
    animate_join_files(${ARG_NAME})
  endif()
  add_test(NAME ${ARG_LABEL}.${ARG_NAME} COMMAND ${ARG_NAME})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${ARG_LABEL}.${ARG_NAME} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
                                                                     ENVIRONMENT OMP_WAIT_POLICY=passive)
endfunction()
