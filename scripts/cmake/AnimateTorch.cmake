# LibTorch, whichever was found: Debian's 1.13 or an upstream 2.x given with -DCMAKE_PREFIX_PATH, CPU or CUDA.
# Found at the top level because its imported targets are visible only below the folder that found them.
include(AnimateFindTorch)
animate_check_torch()
animate_find(Torch)
add_library(animate_torch INTERFACE)
target_include_directories(animate_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(animate_torch INTERFACE ${TORCH_LIBRARIES})
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "this LibTorch is built with the old C++ ABI, as PyTorch's wheels before 2.7 are, and the other libraries are "
                      "not; give LibTorch's zip \"cxx11 ABI\" or a newer wheel with -DCMAKE_PREFIX_PATH=FOLDER")
endif()
separate_arguments(ANIMATE_TORCH_FLAGS UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(animate_torch INTERFACE ${ANIMATE_TORCH_FLAGS})
# Some of LibTorch's classes have more members without NDEBUG (RecordFunction has): our idea of them must be that of the
# library, which is built with it, in debug and sanitizer builds too.
target_compile_definitions(animate_torch INTERFACE NDEBUG)
include(AnimateCuda)
animate_find_cuda()
