#include "checkpoint/torch_content.h"

#include <charconv>
#include <set>

#include "base/error.h"
#include "checkpoint/printable.h"

namespace animate::checkpoint {
namespace {

using pickle::Id;
using pickle::Tree;

// Shared and cyclic values make a small pickle arbitrarily large to walk; these are far above any real checkpoint.
constexpr size_t kMaxDepth = 100;
constexpr size_t kMaxVisits = size_t{1} << 22;
constexpr size_t kMaxText = size_t{1} << 26;  // bytes of all names and printed values together

class Walk {
 public:
  Walk(const Tree& tree, const StorageRefs& refs, const StorageIndex& index_of, const std::string& file)
      : tree_(tree), refs_(refs), index_of_(index_of), file_(file) {}

  Content run() {
    enter("", tree_.root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      name_.resize(frame.name_length);
      const size_t i = frame.next++;
      if (const auto* sequence = tree_.get<pickle::Sequence>(frame.id)) {
        if (i < sequence->items.size()) {
          enter(fmt::format("{}", i), sequence->items[i]);
          continue;
        }
      } else if (const auto& items = tree_.get<pickle::Mapping>(frame.id)->items; i < items.size()) {
        enter(key_text(items[i].first, i), items[i].second);
        continue;
      }
      frames_.pop_back();
    }
    content_.foreign = tree_.foreign;
    return std::move(content_);
  }

 private:
  struct Frame {
    Id id;
    size_t next;
    size_t name_length;
  };

  void require(bool condition, std::string_view what) const {
    check(condition, ErrorKind::Model, "{}: the pickle in it {}; download it again from a source you trust", file_,
          what);
  }

  // A key that is neither text nor a number is named by its position.
  std::string key_text(Id id, size_t position) const {
    if (const auto* text = tree_.get<pickle::Text>(id)) {
      require(text->value.size() <= kMaxText, "has names without end");
      return printable(text->value);
    }
    return scalar_text(id).value_or(fmt::format("#{}", position));
  }

  std::optional<std::string> scalar_text(Id id) const {
    if (const auto* text = tree_.get<pickle::Text>(id)) return printable(text->value);
    if (const auto* integer = tree_.get<int64_t>(id)) return std::to_string(*integer);
    if (const auto* real = tree_.get<double>(id)) return fmt::format("{}", *real);
    if (const auto* truth = tree_.get<bool>(id)) return *truth ? "True" : "False";
    if (const auto* big = tree_.get<pickle::BigInt>(id)) return big->decimal;
    if (tree_.get<pickle::None>(id) != nullptr) return "None";
    return std::nullopt;
  }

  void charge(size_t bytes) {
    text_ += bytes;
    require(text_ <= kMaxText, "repeats itself without end");
  }

  void enter(const std::string& key, Id id) {
    require(++visits_ <= kMaxVisits, "repeats itself without end");
    if (!frames_.empty()) {
      if (frames_.back().name_length > 0) name_ += '.';
      name_ += key;
      charge(name_.size());
    }
    const bool container = tree_.get<pickle::Sequence>(id) != nullptr || tree_.get<pickle::Mapping>(id) != nullptr;
    if (container) {
      require(frames_.size() < kMaxDepth, "is nested too deeply");
      frames_.push_back({id, 0, name_.size()});
    } else if (const auto* call = tree_.get<pickle::Call>(id)) {
      if (is_tensor(tree_, *call)) add_array(*call);
    } else {
      if (const auto* text = tree_.get<pickle::Text>(id)) charge(text->value.size());
      if (auto text = scalar_text(id)) content_.scalars.emplace_back(name_, std::move(*text));
    }
  }

  void add_array(const pickle::Call& call) {
    const std::string name = name_.empty() ? "tensor" : name_;
    TensorLayout layout = tensor_layout(tree_, call, refs_, name, file_);
    require(names_.insert(name).second, fmt::format("names two tensors {}", in_quotes(name)));
    const size_t storage = index_of_(refs_.at(layout.storage));
    content_.arrays.push_back({name, std::move(layout.info), storage, layout.byte_offset});
  }

  const Tree& tree_;
  const StorageRefs& refs_;
  const StorageIndex& index_of_;
  const std::string& file_;
  Content content_;
  std::vector<Frame> frames_;
  std::string name_;
  std::set<std::string> names_;
  size_t visits_ = 0;
  size_t text_ = 0;
};

}  // namespace

Content torch_content(const Tree& tree, const StorageRefs& refs, const StorageIndex& index_of,
                      const std::string& name) {
  return Walk(tree, refs, index_of, name).run();
}

}  // namespace animate::checkpoint
