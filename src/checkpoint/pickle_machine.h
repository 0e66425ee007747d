#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/pickle.h"
#include "checkpoint/pickle_lines.h"

namespace animate::checkpoint::pickle {

// The stack machine that pickle.h describes. A training checkpoint of the largest model has some 10^5 values; the
// limits keep a hostile file of any size below a few hundred megabytes: two bytes of a pickle may make a value of a
// hundred.
inline constexpr size_t kMaxValues = size_t{1} << 21;
inline constexpr size_t kMaxOperations = size_t{1} << 24;
inline constexpr size_t kMaxMemo = size_t{1} << 21;
// Generators keep numbers of 128 bits; torch.save marks files by one of 80.
inline constexpr size_t kMaxLongBytes = 64;
inline constexpr size_t kMaxLongDigits = 160;
inline constexpr size_t kMaxForeign = 1000;

inline constexpr Id kNoId = UINT32_MAX;

// Runs one pickle; its errors are those of parse(). Used once.
class Unpickler {
 public:
  Unpickler(std::span<const std::byte> bytes, const std::string& name) : in_(bytes, name, "its pickle"), file_(name) {}

  Tree run();

 private:
  void step(uint8_t opcode);
  void step_scalar(uint8_t opcode);
  void step_text(uint8_t opcode);
  void step_line(uint8_t opcode);
  void step_container(uint8_t opcode);
  void step_memo(uint8_t opcode);
  void step_call(uint8_t opcode);

  [[noreturn]] void refuse(std::string_view what) const {
    fail(ErrorKind::Model, "{}: the pickle in it {}; download it again from a source you trust", file_, what);
  }
  void require(bool condition, std::string_view what) const {
    if (!condition) refuse(what);
  }

  Id add(Value value) {
    require(tree_.values.size() < kMaxValues, "holds too many values");
    tree_.values.push_back(std::move(value));
    return static_cast<Id>(tree_.values.size() - 1);
  }
  void push(Value value) { stack_.push_back(add(std::move(value))); }

  // A MARK is a fence: nothing below it can be taken until it is gone.
  size_t fence() const { return marks_.empty() ? 0 : marks_.back(); }
  Id top() const {
    require(stack_.size() > fence(), "takes a value from an empty stack");
    return stack_.back();
  }
  Id pop() {
    const Id id = top();
    stack_.pop_back();
    return id;
  }
  std::vector<Id> pop_to_mark() {
    require(!marks_.empty(), "misses a mark");
    std::vector<Id> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  void push_tuple(size_t count) {
    std::vector<Id> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    push(Sequence{Sequence::Kind::Tuple, std::move(items)});
  }

  void put_memo(size_t index, Id id) {
    require(index < kMaxMemo, "has a memo that is too large");
    if (index >= memo_.size()) memo_.resize(std::max(index + 1, std::min(memo_.size() * 2, kMaxMemo)), kNoId);
    memo_[index] = id;
  }
  void get_memo(size_t index) {
    require(index < memo_.size() && memo_[index] != kNoId, "recalls a value that it never stored");
    stack_.push_back(memo_[index]);
  }

  // Text that the pickle spells with escapes is kept by the tree.
  std::string_view keep(std::string text) {
    tree_.unescaped->push_back(std::move(text));
    return tree_.unescaped->back();
  }

  size_t memo_index() {
    const auto index = index_of(in_.line());
    require(index.has_value(), "has a memo index that is no number");
    return *index;
  }

  void push_long(uint64_t length);
  void push_global(std::string_view module, std::string_view name);
  void extend(Id target, std::vector<Id> items, bool is_set);
  void set_items(Id target, const std::vector<Id>& items);
  Value mapping_of(const std::vector<Id>& items);
  void call(Id callee, Id args);
  bool known_call(const Global& global, Id args);
  Mapping mapping_of_pairs(Id list);

  ByteReader in_;
  const std::string& file_;
  Tree tree_;
  std::vector<Id> stack_;                 // what operations take and leave; Python's interpreter has the same three
  std::vector<size_t> marks_;             // heights of the stack where a MARK lies
  std::vector<Id> memo_;                  // by index; kNoId where nothing was stored
  size_t memoized_ = 0;                   // MEMOIZE numbers the memo by itself
  size_t copied_ = 0;                     // entries copied by OrderedDict calls, to bound their memory
  std::unordered_set<std::string> seen_;  // names that are in tree_.foreign
};

}  // namespace animate::checkpoint::pickle
