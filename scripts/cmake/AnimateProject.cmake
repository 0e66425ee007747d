# Everything that holds for the whole build: language level, output folders, warnings, sanitizers.
set_property(GLOBAL PROPERTY GLOBAL_DEPENDS_NO_CYCLES ON)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Programs compile like libraries, so that they can share the precompiled header.
set(CMAKE_CXX_COMPILE_OPTIONS_PIE "-fPIC")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -O3 makes the compiler a third slower and only the rooms that animate_add_library calls HOT faster.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# A linker that takes a second where the default one takes ten.
include(CheckLinkerFlag)
foreach(linker IN ITEMS mold lld)
  check_linker_flag(CXX "-fuse-ld=${linker}" ANIMATE_LINKS_WITH_${linker})
  if(ANIMATE_LINKS_WITH_${linker})
    add_link_options("-fuse-ld=${linker}")
    break()
  endif()
endforeach()

# Where libanimate lies, as seen from the installed program (see src/cli/engine_loader.cpp).
file(RELATIVE_PATH ANIMATE_LIB_FROM_BIN "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")

find_program(ANIMATE_CCACHE ccache)
if(ANIMATE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # A precompiled header can be cached only when these two kinds of difference are ignored.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${ANIMATE_CCACHE}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

add_library(animate_options INTERFACE)
target_include_directories(
  animate_options INTERFACE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(animate_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
  if(ANIMATE_WERROR)
    target_compile_options(animate_options INTERFACE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A tenth of its time the compiler would look for memory to free that it does not need.
    target_compile_options(animate_options INTERFACE "SHELL:--param ggc-min-heapsize=1500000")
    # GCC 12 reports these inside std::string where nothing overlaps (GCC bug 105651).
    target_compile_options(animate_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
  endif()
endif()
if(ANIMATE_SANITIZE)
  target_compile_options(animate_options INTERFACE "-fsanitize=${ANIMATE_SANITIZE}" -fno-omit-frame-pointer -g1)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Fires inside libstdc++'s <regex>, which Catch2 includes, once sanitizers change the inlining.
    target_compile_options(animate_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_link_options(animate_options INTERFACE "-fsanitize=${ANIMATE_SANITIZE}")
  if(ANIMATE_SANITIZE MATCHES "undefined")
    target_compile_options(animate_options INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
if(ANIMATE_CLANG_TIDY)
  set(CMAKE_CXX_CLANG_TIDY clang-tidy --quiet --warnings-as-errors=*)
endif()

configure_file(include/animate/version.h.in "${PROJECT_BINARY_DIR}/include/animate/version.h" @ONLY)

# Part of the names that the program looks up in libanimate: a mismatch of the two is told, not run into.
string(REPLACE "." "_" ANIMATE_ENGINE_ABI "${PROJECT_VERSION}")
