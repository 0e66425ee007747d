#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/pickle.h"

namespace animate::motion {

// A pickle of plain Python values and NumPy arrays (models/liveportrait/README.md#reading). Nothing is imported or
// called: the operations that rebuild an array are recognised by their exact form, and everything else is refused as a
// whole, used or not. Values stay where the parser put them and are converted when asked for, so that a small file
// cannot unfold into a large one. Views the bytes it was read from. Immutable.
class NumpyPickle {
 public:
  using Id = checkpoint::pickle::Id;

  // `name` is the file as shown in messages. Throws Error(Model) for a pickle that holds anything but None, bool, int,
  // float, str, bytes, tuple, list, dict and ndarray, Error(Input) for one that is cut.
  NumpyPickle(std::span<const std::byte> bytes, std::string name);

  Id root() const { return tree_.root; }
  const std::string& name() const { return name_; }

  bool is_dict(Id id) const;
  bool is_none(Id id) const;
  // The value under `key` of a dict, the last one where a key occurs twice; nullopt without it.
  std::optional<Id> find(Id dict, std::string_view key) const;
  // The items of a list or tuple, or nullptr.
  const std::vector<Id>* items(Id id) const;
  // A str, not checked to be UTF-8; nullopt for anything else.
  std::optional<std::string_view> text(Id id) const;
  // An int, or a NumPy scalar of an integer type; a bool is neither.
  std::optional<int64_t> integer(Id id) const;
  // A float, an int or a NumPy scalar of any number type.
  std::optional<double> number(Id id) const;
  bool is_array(Id id) const;

  // The shape of an array, or of nested lists of numbers by their first items; [] for a number. Throws Error(Input)
  // when `id` is none of these or has more than four dimensions; `what` names
  // it in the message, as in "'exp' of frame 3".
  std::vector<int64_t> shape(Id id, std::string_view what) const;
  // The values of a float16, float32 or float64 array, or of nested lists, as float32, row-major whatever the order in
  // the file. Throws Error(Input) for other types, when the bytes are not as many as the shape says, and for lists
  // whose rows differ in length.
  std::vector<float> floats(Id id, std::string_view what) const;

 private:
  struct ElementType {
    char kind = 0;    // 'f', 'i', 'u' or 'b' as NumPy names them
    size_t size = 0;  // bytes
  };
  struct Parts {
    Id dtype = 0;
    Id shape = 0;
    Id bytes = 0;
    bool fortran = false;
  };

  [[noreturn]] void refuse(std::string_view what) const;
  void check_value(Id id) const;
  void check_call(const checkpoint::pickle::Call& call) const;
  bool calls(const checkpoint::pickle::Value& value, std::string_view function) const;
  std::optional<Parts> parts_of(Id id) const;
  ElementType element_type(Id dtype) const;
  std::vector<int64_t> shape_of_list(Id id, std::string_view what) const;
  void gather_list(Id id, std::span<const int64_t> sizes, std::string_view what, std::vector<float>& values) const;
  std::string data(Id id, size_t size, std::string_view what) const;
  std::optional<double> scalar(Id id, bool integers_only) const;

  std::string name_;
  checkpoint::pickle::Tree tree_;
};

}  // namespace animate::motion
