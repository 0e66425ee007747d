# Which LibTorch there is to find, before its own CMake files look for it: those end with a stack of messages where CUDA's
# compiler is missing, and take the first of several without a word.

# animate_torch_folders(RESULT): every folder with a LibTorch, the one that find_package takes first. A folder is what has
# include, lib and share, as /usr, or torch of PyTorch's zip or wheel.
function(animate_torch_folders result)
  set(places "${CMAKE_PREFIX_PATH};$ENV{CMAKE_PREFIX_PATH}")
  string(REPLACE ":" ";" places "${places}")
  list(REMOVE_ITEM places "")
  set(configs "${Torch_DIR}")
  foreach(place IN LISTS places CMAKE_SYSTEM_PREFIX_PATH)
    foreach(folder share/cmake/Torch lib/cmake/Torch lib/${CMAKE_LIBRARY_ARCHITECTURE}/cmake/Torch)
      list(APPEND configs "${place}/${folder}")
    endforeach()
  endforeach()
  set(found "")
  foreach(config IN LISTS configs)
    if(EXISTS "${config}/TorchConfig.cmake")
      # Links followed: on Debian /lib is /usr/lib.
      get_filename_component(real "${config}" REALPATH)
      string(REGEX REPLACE "/(share|lib|lib/[^/]*)/cmake/Torch/?$" "" folder "${real}")
      list(APPEND found "${folder}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

# animate_torch_has_cuda(RESULT FOLDER): whether the LibTorch in it is built for CUDA.
function(animate_torch_has_cuda result folder)
  file(GLOB libraries "${folder}/lib/libtorch_cuda.so*" "${folder}/lib/${CMAKE_LIBRARY_ARCHITECTURE}/libtorch_cuda.so*")
  if(libraries)
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

# Says which of several is taken, and stops with one sentence where CUDA's compiler is missing.
function(animate_check_torch)
  animate_torch_folders(folders)
  if(NOT folders)
    return()
  endif()
  list(POP_FRONT folders taken)
  if(folders)
    list(JOIN folders ", " others)
    message(STATUS "LibTorch in ${taken} is taken; there is another in ${others}: choose with -DCMAKE_PREFIX_PATH=FOLDER")
  endif()
  animate_torch_has_cuda(cuda "${taken}")
  if(NOT cuda)
    return()
  endif()
  find_program(ANIMATE_NVCC nvcc HINTS ${CUDAToolkit_ROOT} ${CUDA_TOOLKIT_ROOT_DIR} $ENV{CUDA_PATH} $ENV{CUDA_HOME}
               PATHS /usr/local/cuda PATH_SUFFIXES bin)
  mark_as_advanced(ANIMATE_NVCC)
  if(NOT ANIMATE_NVCC AND NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
    message(FATAL_ERROR "LibTorch in ${taken} is built for CUDA, and CUDA's compiler and headers were not found; install them "
                        "(Debian: nvidia-cuda-toolkit), name their folder with -DCUDAToolkit_ROOT=FOLDER, or give a LibTorch "
                        "without CUDA with -DCMAKE_PREFIX_PATH=FOLDER")
  endif()
endfunction()
