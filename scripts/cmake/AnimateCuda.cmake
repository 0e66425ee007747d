# What CUDA's own headers are needed for (streams, graphs) lies in files of its own, each beside a twin *_absent.cpp with
# the same interface. A file is built where LibTorch has CUDA and a program with it compiles and links; else its twin.
# LibTorch from PyTorch's packages brings CUDA's libraries and headers in the folders nvidia/* beside its own.
set(ANIMATE_CUDA_INCLUDES "" CACHE INTERNAL "")
set(ANIMATE_CUDA_LIBRARIES "" CACHE INTERNAL "")

# Takes the compiler's own folders out of a list. Given once more, as Debian's /usr/include would be, they come before the
# C++ library's headers, whose #include_next <stdlib.h> then finds nothing.
function(animate_without_own_folders list)
  set(folders "${${list}}")
  list(TRANSFORM folders REPLACE "/+$" "")
  list(REMOVE_ITEM folders ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES} /usr/include)
  list(REMOVE_DUPLICATES folders)
  set(${list} "${folders}" PARENT_SCOPE)
endfunction()

function(animate_find_cuda)
  set(beside "")
  foreach(folder IN LISTS TORCH_INCLUDE_DIRS)
    list(APPEND beside "${folder}/../lib" "${folder}/../../lib" "${folder}/../../../lib")
  endforeach()
  set(found "")
  foreach(name torch_cuda c10_cuda)
    find_library(ANIMATE_LIB_${name} ${name} HINTS ${beside})
    mark_as_advanced(ANIMATE_LIB_${name})
    if(NOT ANIMATE_LIB_${name})
      find_path(ANIMATE_CUDART_INCLUDE cuda_runtime_api.h PATHS /usr/local/cuda PATH_SUFFIXES include)
      mark_as_advanced(ANIMATE_CUDART_INCLUDE)
      if(ANIMATE_CUDART_INCLUDE)
        message(STATUS "CUDA's headers are in ${ANIMATE_CUDART_INCLUDE}, but this LibTorch is built without CUDA, so the program will "
                       "be too; scripts/setup.sh --cuda installs one with CUDA, or name one with -DCMAKE_PREFIX_PATH=")
      endif()
      return()
    endif()
    list(APPEND found "${ANIMATE_LIB_${name}}")
  endforeach()
  get_filename_component(packages "${ANIMATE_LIB_c10_cuda}" DIRECTORY)
  file(GLOB wheels "${packages}/../../nvidia/*")
  find_path(ANIMATE_CUDART_INCLUDE cuda_runtime_api.h HINTS ${CUDAToolkit_INCLUDE_DIRS} ${CUDA_INCLUDE_DIRS}
            PATHS ${wheels} /usr/local/cuda PATH_SUFFIXES include targets/x86_64-linux/include)
  find_library(ANIMATE_CUDART NAMES cudart libcudart.so.13 libcudart.so.12 libcudart.so.11.0
               HINTS ${CUDAToolkit_LIBRARY_DIR} PATHS ${wheels} /usr/local/cuda PATH_SUFFIXES lib lib64)
  mark_as_advanced(ANIMATE_CUDART_INCLUDE ANIMATE_CUDART)
  # Without them the files that need them are left out one by one.
  file(GLOB includes LIST_DIRECTORIES true "${packages}/../../nvidia/*/include")
  if(ANIMATE_CUDART_INCLUDE AND ANIMATE_CUDART)
    list(PREPEND includes "${ANIMATE_CUDART_INCLUDE}")
    list(APPEND found "${ANIMATE_CUDART}")
  endif()
  animate_without_own_folders(includes)
  set(ANIMATE_CUDA_INCLUDES "${includes}" CACHE INTERNAL "")
  set(ANIMATE_CUDA_LIBRARIES "${found}" CACHE INTERNAL "")
endfunction()

# animate_choose_cuda_source(RESULT folder/graph) sets RESULT to folder/graph.cpp or folder/graph_absent.cpp.
function(animate_choose_cuda_source result file)
  set(${result} "${file}_absent.cpp" PARENT_SCOPE)
  if(NOT ANIMATE_CUDA_LIBRARIES)
    return()
  endif()
  get_filename_component(name "${file}" NAME)
  set(program "${PROJECT_BINARY_DIR}/CMakeFiles/cuda_main.cpp")
  file(WRITE "${program}" "int main() { return 0; }\n")
  try_compile(
    ANIMATE_CUDA_${name} "${PROJECT_BINARY_DIR}/CMakeFiles/try_${name}"
    SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/${file}.cpp" "${program}"
    CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${PROJECT_SOURCE_DIR}/include;${PROJECT_SOURCE_DIR}/src;${TORCH_INCLUDE_DIRS};${ANIMATE_CUDA_INCLUDES}"
    COMPILE_DEFINITIONS ${ANIMATE_TORCH_FLAGS}
    LINK_LIBRARIES ${TORCH_LIBRARIES} ${ANIMATE_CUDA_LIBRARIES}
    CXX_STANDARD 20
    CXX_STANDARD_REQUIRED ON
    OUTPUT_VARIABLE output)
  if(NOT ANIMATE_CUDA_${name})
    file(WRITE "${PROJECT_BINARY_DIR}/CMakeFiles/cuda_${name}.log" "${output}")
    message(STATUS "LibTorch has CUDA, but ${file}.cpp does not build with it; see CMakeFiles/cuda_${name}.log")
    return()
  endif()
  set_source_files_properties(
    ${file}.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS "-Wno-error" INCLUDE_DIRECTORIES "${ANIMATE_CUDA_INCLUDES}")
  set(${result} "${file}.cpp" PARENT_SCOPE)
endfunction()
