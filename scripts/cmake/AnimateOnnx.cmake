# The target animate_onnx_proto: the ONNX project's messages (libonnx_proto), which is all of it that is used. Its own CMake
# file asks for libraries that Debian does not ship, so it is found by hand.
animate_find(Protobuf)
find_path(ANIMATE_ONNX_INCLUDE onnx/onnx_pb.h)
find_library(ANIMATE_ONNX_LIBRARY onnx_proto)
if(NOT ANIMATE_ONNX_INCLUDE OR NOT ANIMATE_ONNX_LIBRARY)
  animate_missing(ONNX "")
endif()
add_library(animate_onnx_proto INTERFACE)
target_include_directories(animate_onnx_proto SYSTEM INTERFACE "${ANIMATE_ONNX_INCLUDE}")
target_compile_definitions(animate_onnx_proto INTERFACE ONNX_ML=1 ONNX_NAMESPACE=onnx)
target_link_libraries(animate_onnx_proto INTERFACE "${ANIMATE_ONNX_LIBRARY}" protobuf::libprotobuf)
