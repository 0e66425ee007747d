#pragma once

namespace onnx {
class ModelProto;
}

namespace animate::onnx {

// The ONNX project's own messages. Inside animate the word `onnx` is this room, theirs are `proto::ModelProto`.
namespace proto = ::onnx;

}  // namespace animate::onnx
